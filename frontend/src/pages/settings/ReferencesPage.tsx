import { Button, Group, Stack, Text } from "@mantine/core";
import { IconStar } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { useNameFirst, useReferences, useRetireReference } from "../../api/results";
import { useSession } from "../../api/session";
import type { Reference } from "../../api/types";
import { useFormat } from "../../i18n/format";
import { Mark } from "../../panels/badges";
import { Card } from "../../panels/Card";
import { Failure } from "../../panels/Failure";
import { RowsLoading } from "../../panels/Loading";
import { Page } from "../../panels/Page";
import { personName } from "../../panels/personName";
import { LoadReference } from "./LoadReference";

/** The tables that bone ages are held against: where each comes from, how far it reaches, which is named first. */
export function Component() {
  const { t } = useTranslation("references");
  const { has } = useSession();
  const references = useReferences();
  const may = has("administrator");
  return (
    <Page title={t("title")} intro={t("intro")} width={900}>
      <Stack gap="lg">
        {references.isPending && <RowsLoading rows={3} height={70} />}
        {references.isError && !references.data && (
          <Failure error={references.error} retry={() => void references.refetch()} />
        )}
        {references.data?.map((reference) => (
          <ReferenceCard key={reference.id} reference={reference} may={may} />
        ))}
        {may && references.data && <LoadReference />}
      </Stack>
    </Page>
  );
}

function ReferenceCard({ reference, may }: { reference: Reference; may: boolean }) {
  const { t } = useTranslation("references");
  const { t: common } = useTranslation();
  const { age, date, language } = useFormat();
  const nameFirst = useNameFirst();
  const retire = useRetireReference();
  const { row } = reference;
  return (
    <Card
      title={language === "zh-Hans" ? reference.name_zh : reference.name_en}
      tools={
        reference.named_first ? (
          <Mark tone="accent" icon={IconStar}>
            {t("first")}
          </Mark>
        ) : (
          may && (
            <Button size="compact-xs" variant="default" loading={nameFirst.isPending} onClick={() => nameFirst.mutate(reference.id)}>
              {t("nameFirst")}
            </Button>
          )
        )
      }
    >
      <Text size="sm">{reference.source}</Text>
      <Text size="sm" c="dimmed">
        {reference.population}
      </Text>
      <Text size="sm" mt={4}>
        {(["F", "M"] as const)
          .map((sex) => {
            const [first, last] = reference.ages_months[sex] ?? [];
            const reach =
              first === undefined || last === undefined ? t("noSex") : t("reach", { first: age(first), last: age(last) });
            return `${common(`sex.${sex}`)}: ${reach}`;
          })
          .join(" · ")}
      </Text>
      <Group justify="space-between" mt={4}>
        <Text size="xs" c="dimmed">
          {reference.loaded_at
            ? t("loaded", { name: personName(reference.loaded_by) ?? "", date: date(reference.loaded_at) })
            : t("ships")}
        </Text>
        {may && row !== null && (
          <Button size="compact-xs" variant="subtle" color="red" loading={retire.isPending} onClick={() => retire.mutate(row)}>
            {t("retire")}
          </Button>
        )}
      </Group>
      {(nameFirst.isError || retire.isError) && <Failure error={nameFirst.error ?? retire.error} />}
    </Card>
  );
}
