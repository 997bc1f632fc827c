import { Button, Group, Select, Text } from "@mantine/core";
import { IconDoorEnter, IconFilterOff, IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";

import { useIntakeRecords } from "../../api/gate";
import { DOORS, INTAKE_RESULTS, type Door, type IntakeRecord, type IntakeResult } from "../../api/types";
import { useFormat } from "../../i18n/format";
import { Card } from "../../panels/Card";
import { Empty } from "../../panels/Empty";
import { Failure } from "../../panels/Failure";
import { LoadMore } from "../../panels/LoadMore";
import { RowsLoading } from "../../panels/Loading";
import { personName } from "../../panels/personName";
import { useReasonText } from "../../panels/reasonText";
import { ChooseFilms } from "../../panels/upload/ChooseFilms";
import { readRecordFilters, recordQuery, writeRecordFilters, type RecordFilters } from "./recordFilters";
import { ResultMark } from "./ResultMark";

/** Film by film: when it came, through which door, what became of it and why. */
export function Records() {
  const { t } = useTranslation("gate");
  const [parameters, setParameters] = useSearchParams();
  const filters = readRecordFilters(parameters);
  const set = (next: RecordFilters) => setParameters(writeRecordFilters(next), { replace: true });
  const records = useIntakeRecords(recordQuery(filters));
  const rows = records.data?.pages.flatMap((page) => page.results) ?? [];
  const filtered = filters.result !== null || filters.door !== null;
  return (
    <Card title={t("intake.records")} tools={<Filters filters={filters} onChange={set} />}>
      {records.isPending && <RowsLoading rows={6} height={34} />}
      {records.isError && rows.length === 0 && <Failure error={records.error} retry={() => void records.refetch()} />}
      {records.isSuccess && rows.length === 0 && (
        <NothingThere filtered={filtered} onReset={() => set({ result: null, door: null })} />
      )}
      {rows.length > 0 && (
        <>
          <Table rows={rows} />
          <LoadMore
            shown={rows.length}
            total={null}
            more={records.hasNextPage}
            loading={records.isFetchingNextPage}
            onMore={() => void records.fetchNextPage()}
          />
        </>
      )}
    </Card>
  );
}

function Filters({ filters, onChange }: { readonly filters: RecordFilters; onChange(filters: RecordFilters): void }) {
  const { t } = useTranslation("gate");
  const { t: studies } = useTranslation("studies");
  return (
    <Group gap={8} role="search">
      <Select
        w={140}
        size="xs"
        aria-label={t("column.result")}
        placeholder={t("column.result")}
        clearable
        data={INTAKE_RESULTS.map((result) => ({ value: result, label: t(`result.${result}`) }))}
        value={filters.result}
        onChange={(result) => onChange({ ...filters, result: result as IntakeResult | null })}
      />
      <Select
        w={170}
        size="xs"
        aria-label={t("column.door")}
        placeholder={t("column.door")}
        clearable
        data={DOORS.map((door) => ({ value: door, label: t(`door.${door}`) }))}
        value={filters.door}
        onChange={(door) => onChange({ ...filters, door: door as Door | null })}
      />
      {(filters.result || filters.door) && (
        <Button size="xs" variant="subtle" leftSection={<IconX size={14} aria-hidden />} onClick={() => onChange({ result: null, door: null })}>
          {studies("filter.reset")}
        </Button>
      )}
    </Group>
  );
}

function NothingThere({ filtered, onReset }: { readonly filtered: boolean; onReset(): void }) {
  const { t } = useTranslation("gate");
  const { t: studies } = useTranslation("studies");
  if (filtered) {
    return (
      <Empty
        icon={IconFilterOff}
        title={t("intake.filteredTitle")}
        text={t("intake.filteredText")}
        action={<Button onClick={onReset}>{studies("filter.reset")}</Button>}
      />
    );
  }
  return <Empty icon={IconDoorEnter} title={t("intake.emptyTitle")} text={t("intake.emptyText")} action={<ChooseFilms />} />;
}

function Table({ rows }: { readonly rows: readonly IntakeRecord[] }) {
  const { t } = useTranslation("gate");
  return (
    <div className="table-wrap">
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{t("column.at")}</th>
            <th scope="col">{t("column.door")}</th>
            <th scope="col">{t("column.result")}</th>
            <th scope="col">{t("column.reason")}</th>
            <th scope="col">{t("column.by")}</th>
            <th scope="col">{t("column.cohort")}</th>
            <th scope="col">{t("column.study")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <Row key={`${row.at}-${index}`} row={row} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ row }: { readonly row: IntakeRecord }) {
  const { t } = useTranslation("gate");
  const { dateTime } = useFormat();
  const reasonText = useReasonText();
  return (
    <tr>
      <td style={{ whiteSpace: "nowrap" }}>{dateTime(row.at)}</td>
      <td style={{ whiteSpace: "nowrap" }}>{row.door && t(`door.${row.door}`)}</td>
      <td>
        <ResultMark result={row.result} />
      </td>
      <td className="intake-reason">{row.reason && reasonText(row.reason)}</td>
      <td>{personName(row.by) ?? <Text size="sm" c="dimmed">{t("intake.machine")}</Text>}</td>
      <td>{row.cohort?.name}</td>
      <td style={{ whiteSpace: "nowrap" }}>
        {row.study && (
          <Link className="row-link" to={`/studies/${row.study}`}>
            {t("intake.openStudy")}
          </Link>
        )}
      </td>
    </tr>
  );
}
