import { Table, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { useStudyEffort } from "../../api/studies";
import type { BoxSetEffort } from "../../api/types";
import { useFormat } from "../../i18n/format";
import { Failure } from "../../panels/Failure";
import { RowsLoading } from "../../panels/Loading";
import { personName } from "../../panels/personName";
import { SectionTitle } from "./SectionTitle";

/** What each submitted box set cost. Who may not see any, or finds none, sees nothing here. */
export function EffortTable({ study }: { study: string }) {
  const { t } = useTranslation("study");
  const efforts = useStudyEffort(study);
  if (efforts.isPending) return <RowsLoading rows={2} height={22} />;
  if (efforts.isError) return <Failure error={efforts.error} retry={() => void efforts.refetch()} />;
  if (efforts.data.length === 0) return null;
  return (
    <section data-testid="effort">
      <SectionTitle>{t("effort.title")}</SectionTitle>
      <Table.ScrollContainer minWidth={320}>
        <Table fz="sm" verticalSpacing={4}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("effort.who")}</Table.Th>
              <Table.Th ta="right">{t("effort.actions")}</Table.Th>
              <Table.Th ta="right">{t("effort.time")}</Table.Th>
              <Table.Th ta="right">{t("effort.overlap")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {efforts.data.map((effort) => (
              <Row key={effort.box_set} effort={effort} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <Text size="xs" c="dimmed">
        {t("effort.note")}
      </Text>
    </section>
  );
}

const ORIGINS = ["drawn", "proposal", "template", "imported"] as const;

function Row({ effort }: { effort: BoxSetEffort }) {
  const { t } = useTranslation("study");
  const { number } = useFormat();
  const parts = ORIGINS.filter((origin) => effort.origins[origin] > 0).map((origin) => t(`effort.${origin}`, { n: effort.origins[origin] }));
  if (effort.absent > 0) parts.push(t("effort.absent", { n: effort.absent }));
  const seconds = Math.round(effort.seconds);
  const overlap = effort.mean_iou_with_proposal;
  return (
    <Table.Tr data-testid={`effort-${effort.version}`}>
      <Table.Td>
        {personName(effort.author)} · {t("effort.version", { version: effort.version })}
        <Text size="xs" c="dimmed">
          {parts.join(" · ")}
        </Text>
      </Table.Td>
      <Table.Td ta="right">{number(effort.actions)}</Table.Td>
      <Table.Td ta="right">{t("effort.minutes", { minutes: Math.floor(seconds / 60), seconds: String(seconds % 60).padStart(2, "0") })}</Table.Td>
      <Table.Td ta="right">{overlap === null ? "–" : overlap.toFixed(2)}</Table.Td>
    </Table.Tr>
  );
}
