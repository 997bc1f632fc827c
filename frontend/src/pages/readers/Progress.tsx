import { Grid } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { useReadingProgress } from "../../api/readers";
import type { ReadingProgress } from "../../api/types";
import { useFormat } from "../../i18n/format";
import { Card } from "../../panels/Card";
import { Failure } from "../../panels/Failure";
import { RowsLoading } from "../../panels/Loading";

/** How far reading is, per person and per cohort: counts, no values. */
export function Progress() {
  const { t } = useTranslation("readers");
  const progress = useReadingProgress();
  if (progress.isPending) return <RowsLoading rows={3} height={40} />;
  if (!progress.data) return <Failure error={progress.error} retry={() => void progress.refetch()} />;
  return (
    <Grid gap="lg">
      <Grid.Col span={{ base: 12, lg: 7 }}>
        <Card title={`${t("progress.title")} · ${t("progress.people")}`}>
          <People people={progress.data.people} />
        </Card>
      </Grid.Col>
      <Grid.Col span={{ base: 12, lg: 5 }}>
        <Card title={`${t("progress.title")} · ${t("progress.cohorts")}`}>
          <Cohorts cohorts={progress.data.cohorts} />
        </Card>
      </Grid.Col>
    </Grid>
  );
}

function People({ people }: { people: ReadingProgress["people"] }) {
  const { t } = useTranslation("readers");
  const { number, date } = useFormat();
  return (
    <div className="table-wrap">
      <table className="table readers-table" data-testid="people-progress">
        <thead>
          <tr>
            <th scope="col">{t("table.reader")}</th>
            {(["locked", "lately", "unreadable", "amended", "last"] as const).map((name) => (
              <th key={name} scope="col" className="number">
                {t(`progress.${name}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {people.map((row) => (
            <tr key={row.person.id}>
              <th scope="row">
                {row.person.display_name}
                {!row.is_active && ` (${t("progress.inactive")})`}
              </th>
              <td className="number">{number(row.locked)}</td>
              <td className="number">{number(row.lately)}</td>
              <td className="number">{number(row.unreadable)}</td>
              <td className="number">{number(row.amended)}</td>
              <td className="number">{row.last_at ? date(row.last_at) : t("progress.never")}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Cohorts({ cohorts }: { cohorts: ReadingProgress["cohorts"] }) {
  const { t } = useTranslation("readers");
  const { number, percent } = useFormat();
  return (
    <div className="table-wrap">
      <table className="table readers-table" data-testid="cohort-progress" data-heads-wrap>
        <thead>
          <tr>
            <th scope="col">{t("progress.cohort")}</th>
            {(["ready", "begun", "read", "approved", "no_bone_age"] as const).map((name) => (
              <th key={name} scope="col" className="number">
                {t(`progress.${name}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {cohorts.map((row) => (
            <tr key={row.cohort ?? "none"}>
              <th scope="row">{row.name ?? t("progress.none")}</th>
              <td className="number">{number(row.ready)}</td>
              <td className="number">{number(row.begun)}</td>
              <td className="number">{number(row.read)}</td>
              <td className="number">
                {number(row.approved)}
                {row.ready > 0 && <small className="interval">{percent(row.approved / row.ready)}</small>}
              </td>
              <td className="number">{number(row.no_bone_age)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
