import { Code, Grid, Group, Stack } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";

import { useModel } from "../../api/models";
import type { ModelVersion } from "../../api/types";
import { useFormat } from "../../i18n/format";
import { ModelStatusBadge, ResearchUseOnly, SyntheticBadge } from "../../panels/badges";
import { Card } from "../../panels/Card";
import { Facts } from "../../panels/Facts";
import { Failure } from "../../panels/Failure";
import { useInputNames } from "../../panels/inputNames";
import { CardsLoading } from "../../panels/Loading";
import { Page } from "../../panels/Page";
import { LocalCorrection } from "./LocalCorrection";
import { Measures } from "./Measures";
import { ModelMoves } from "./ModelMoves";
import { ReleaseGate } from "./ReleaseGate";
import { ReportingItems } from "./ReportingItems";

export function Component() {
  const { t } = useTranslation("models");
  const { id = "" } = useParams();
  const model = useModel(id);
  return (
    <Page title={model.data?.label ?? t("one")} actions={model.data && <ModelMoves model={model.data} />}>
      {model.isPending && <CardsLoading cards={2} height={260} />}
      {model.isError && !model.data && <Failure error={model.error} retry={() => void model.refetch()} />}
      {model.data && <ModelCardPage model={model.data} />}
    </Page>
  );
}

/** The model card: what it is, what it was trained on, how well it did, on what terms; then the whole manifest. */
function ModelCardPage({ model }: { model: ModelVersion }) {
  const { t } = useTranslation("models");
  const { dateTime, number } = useFormat();
  const inputNames = useInputNames();
  const trained = model.trained_on;
  return (
    <Stack gap="lg">
      <Group gap="xs">
        <ModelStatusBadge status={model.status} />
        <ResearchUseOnly />
        {trained?.synthetic && <SyntheticBadge />}
      </Group>
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, md: 6 }}>
          <Card title={t("card.what")}>
            <Facts
              entries={[
                [t("preset"), model.preset],
                [t("inputs"), inputNames(model.inputs)],
                [t("created"), dateTime(model.created_at)],
                [t("trainedOn"), trained?.name],
                [t("filmsTrained"), trained?.n != null ? number(trained.n) : null],
                [t("hash"), <Code key="hash">{model.hash}</Code>],
              ]}
            />
          </Card>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 6 }}>
          <Card title={t("card.metrics")} intro={t("card.metricsIntro")}>
            <Measures value={model.metrics} />
          </Card>
        </Grid.Col>
        <Grid.Col span={12}>
          <Card title={t("card.licence")} intro={t("card.licenceIntro")}>
            <Measures value={model.licence} />
          </Card>
        </Grid.Col>
        <Grid.Col span={12}>
          <Card title={t("card.manifest")} intro={t("card.manifestIntro")}>
            <details>
              <summary style={{ cursor: "pointer" }}>{t("card.showManifest")}</summary>
              <pre className="log" tabIndex={0} style={{ marginTop: 10 }}>
                {JSON.stringify(model.manifest, null, 2)}
              </pre>
            </details>
          </Card>
        </Grid.Col>
      </Grid>
      <ReleaseGate model={model} />
      <ReportingItems model={model.id} />
      <LocalCorrection model={model.id} />
    </Stack>
  );
}
