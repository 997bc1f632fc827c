import "./readers.css";

import { Alert, Button, Group, SegmentedControl, Select, Stack, Text } from "@mantine/core";
import { IconDownload, IconEyeCheck, IconFlask } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";

import { readersCsv, useReaders, type Against } from "../../api/readers";
import { useCohorts } from "../../api/snapshots";
import type { ReaderFigures } from "../../api/types";
import { Card } from "../../panels/Card";
import { Empty } from "../../panels/Empty";
import { Failure } from "../../panels/Failure";
import { RowsLoading } from "../../panels/Loading";
import { Page } from "../../panels/Page";
import { Progress } from "./Progress";
import { ReaderDetail } from "./ReaderDetail";
import { PairsTable, ReaderTable, RepeatsTable } from "./Tables";

/** /readers: agreement between people, within people, over time. What is asked for stands in the address. */
export function Component() {
  const { t } = useTranslation("readers");
  const [address, setAddress] = useSearchParams();
  const cohort = address.get("cohort") ?? "";
  const against: Against = address.get("against") === "consensus" ? "consensus" : "others";
  const cohorts = useCohorts();
  const readers = useReaders({ cohort, against });
  const set = (name: string, value: string | null) =>
    setAddress(
      (before) => {
        if (value) before.set(name, value);
        else before.delete(name);
        return before;
      },
      { replace: true },
    );
  return (
    <Page
      title={t("title")}
      intro={t("intro")}
      actions={
        <Button component="a" href={readersCsv({ cohort, against })} download variant="default" leftSection={<IconDownload size={16} aria-hidden />}>
          {t("csv")}
        </Button>
      }
    >
      <Stack gap="lg">
        <Group gap="md" align="flex-end">
          <Select
            label={t("cohort")}
            data={[
              { value: "", label: t("allCohorts") },
              ...(cohorts.data?.results ?? []).map((row) => ({ value: row.id, label: row.name })),
            ]}
            value={cohort}
            allowDeselect={false}
            onChange={(value) => set("cohort", value)}
          />
          <div>
            <Text size="sm" fw={500} mb={4}>
              {t("against.label")}
            </Text>
            <SegmentedControl
              aria-label={t("against.label")}
              value={against}
              onChange={(value) => set("against", value === "others" ? null : value)}
              data={(["others", "consensus"] as const).map((value) => ({ value, label: t(`against.${value}`) }))}
            />
          </div>
          {readers.data && readers.data.films > 0 && (
            <Text size="sm" c="dimmed" role="status">
              {t("films", { count: readers.data.films })}
            </Text>
          )}
        </Group>
        {readers.isPending && <RowsLoading rows={4} height={56} />}
        {readers.isError && <Failure error={readers.error} retry={() => void readers.refetch()} />}
        {readers.data && !readers.isError && (
          <Figures figures={readers.data} chosen={address.get("reader")} onChoose={(id) => set("reader", id)} />
        )}
        <Progress />
      </Stack>
    </Page>
  );
}

function Figures({
  figures,
  chosen,
  onChoose,
}: {
  figures: ReaderFigures;
  chosen: string | null;
  onChoose: (reader: string) => void;
}) {
  const { t } = useTranslation("readers");
  const shown = figures.readers.find((row) => row.reader.id === chosen) ?? figures.readers[0];
  if (!shown) {
    return (
      <Card>
        <Empty icon={IconEyeCheck} title={t("empty.title")} text={t("empty.text")} />
      </Card>
    );
  }
  return (
    <>
      {figures.synthetic && (
        <Alert variant="light" color="yellow" icon={<IconFlask aria-hidden />}>
          {t("synthetic")}
        </Alert>
      )}
      <ReaderTable figures={figures} chosen={shown.reader.id} onChoose={onChoose} />
      <Text size="xs" c="dimmed" mt={-8}>
        {t("units", { table: t(`sdTable.${figures.sd_table as "gp1959_brush"}`) })}
      </Text>
      <ReaderDetail reader={shown} figures={figures} />
      <RepeatsTable readers={figures.readers} fewest={figures.fewest} />
      <PairsTable pairs={figures.pairs} fewest={figures.fewest} />
    </>
  );
}
