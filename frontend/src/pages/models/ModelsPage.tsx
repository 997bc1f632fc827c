import { Button, Group, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { IconBrain } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { useModels } from "../../api/models";
import type { ModelStatus, ModelVersion } from "../../api/types";
import { useFormat } from "../../i18n/format";
import { ModelStatusBadge, SyntheticBadge } from "../../panels/badges";
import { Card } from "../../panels/Card";
import { Empty } from "../../panels/Empty";
import { Facts } from "../../panels/Facts";
import { Failure } from "../../panels/Failure";
import { useInputNames } from "../../panels/inputNames";
import { CardsLoading } from "../../panels/Loading";
import { Page } from "../../panels/Page";
import { TrainButton } from "../../panels/TrainDialog";
import { statedError } from "./metrics";
import { ModelMoves } from "./ModelMoves";

const ORDER: readonly ModelStatus[] = ["active", "candidate", "retired"];

export function Component() {
  const { t } = useTranslation("models");
  const models = useModels();
  const rows = models.data?.results ?? [];
  return (
    <Page title={t("title")} intro={t("intro")} actions={<TrainButton />}>
      {models.isPending && <CardsLoading cards={2} height={240} />}
      {models.isError && !models.data && <Failure error={models.error} retry={() => void models.refetch()} />}
      {models.isSuccess && rows.length === 0 && (
        <Card>
          <Empty
            icon={IconBrain}
            title={t("empty.title")}
            text={t("empty.text")}
            action={
              <Button component={Link} to="/snapshots">
                {t("empty.button")}
              </Button>
            }
          />
        </Card>
      )}
      <Stack gap="xl">
        {ORDER.map((status) => (
          <Group_ key={status} status={status} models={rows.filter((model) => model.status === status)} />
        ))}
      </Stack>
    </Page>
  );
}

function Group_({ status, models }: { status: ModelStatus; models: readonly ModelVersion[] }) {
  const { t } = useTranslation("models");
  if (models.length === 0) return null;
  return (
    <section>
      <Title order={2} fz={15} mb="sm" c="dimmed">
        {t(`group.${status}`)}
      </Title>
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
        {models.map((model) => (
          <ModelCard key={model.id} model={model} />
        ))}
      </SimpleGrid>
    </section>
  );
}

function ModelCard({ model }: { model: ModelVersion }) {
  const { t } = useTranslation("models");
  const { date, number } = useFormat();
  const inputNames = useInputNames();
  const error = statedError(model);
  return (
    <Card
      title={
        <Link className="row-link" to={`/models/${model.id}`}>
          {model.label}
        </Link>
      }
      tools={<ModelStatusBadge status={model.status} />}
    >
      <Facts
        entries={[
          [
            t("trainedOn"),
            model.trained_on && (
              <Group gap={6}>
                {model.trained_on.name}
                {model.trained_on.n !== null && (
                  <Text size="xs" c="dimmed">
                    {t("films", { count: model.trained_on.n, shown: number(model.trained_on.n) })}
                  </Text>
                )}
                {model.trained_on.synthetic && <SyntheticBadge />}
              </Group>
            ),
          ],
          [t("preset"), model.preset],
          [
            error?.crossValidated ? t("maeCrossValidated") : t("mae"),
            error && t("maeMonths", { months: number(error.months, 1) }),
          ],
          [t("inputs"), inputNames(model.inputs)],
          [t("created"), date(model.created_at)],
        ]}
      />
      <Group mt="md" justify="space-between">
        <Button component={Link} to={`/models/${model.id}`} variant="subtle" size="xs">
          {t("card.open")}
        </Button>
        <ModelMoves model={model} />
      </Group>
    </Card>
  );
}
