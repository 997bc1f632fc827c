import { NativeSelect, Stack, Text } from "@mantine/core";
import { IconBook2, IconMathFunction, IconRobot } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import type { Query } from "../../api/address";
import { comparisonCsv, figureCsv, useComparison, useEvaluations, useFigure } from "../../api/evaluations";
import type { MethodRow, Table1Values, Table2Values } from "../../api/figures";
import type { Evaluation } from "../../api/types";
import { useFormat } from "../../i18n/format";
import { Mark } from "../../panels/badges";
import { Card } from "../../panels/Card";
import { Whiskers } from "../../panels/plot/Whiskers";
import { useCaseFilter } from "./caseFilter";
import { FigureCard } from "./FigureCard";
import { PopulationTable } from "./PopulationTable";
import { usePopulationName } from "./population";
import { useWord } from "./words";

interface Props {
  evaluation: Evaluation;
  query: Query;
}

/** Table 1 and table 2 of the paper, and two models on the same cases. */
export function Methods(props: Props) {
  return (
    <Stack gap="lg">
      <Table2 {...props} />
      <Comparison {...props} />
      <Table1 {...props} />
    </Stack>
  );
}

function Table1({ evaluation, query }: Props) {
  const { t } = useTranslation("evaluate");
  const { number } = useFormat();
  const figure = useFigure<Table1Values>(evaluation.id, "table1", query);
  return (
    <FigureCard
      evaluation={evaluation}
      title={t("table1.title")}
      intro={({ band_by, n, left_out }) => {
        const gone = Object.values(left_out).reduce((sum, count) => sum + count, 0);
        return [
          t("table1.intro", { by: t(`bandBy.${band_by as "bone_age"}`), shown: number(n) }),
          gone > 0 && t("table1.leftOut", { shown: number(gone), count: gone }),
        ]
          .filter(Boolean)
          .join(" ");
      }}
      figure={figure}
      csv={figureCsv(evaluation.id, "table1", query)}
    >
      {(values) => <PopulationTable values={values} />}
    </FigureCard>
  );
}

const KINDS = {
  ours: ["accent", IconRobot],
  baseline: ["info", IconMathFunction],
  literature: ["quiet", IconBook2],
} as const;

function Table2({ evaluation, query }: Props) {
  const { t } = useTranslation("evaluate");
  const figure = useFigure<Table2Values>(evaluation.id, "table2", query);
  return (
    <FigureCard
      evaluation={evaluation}
      title={t("table2.title")}
      intro={t("table2.intro")}
      figure={figure}
      csv={figureCsv(evaluation.id, "table2", query)}
    >
      {({ rows }) => (
        <div className="table-wrap">
          <table className="table">
            <thead>
              <tr>
                <th scope="col">{t("columnName.kind")}</th>
                <th scope="col">{t("columnName.reference")}</th>
                <th scope="col">{t("columnName.method")}</th>
                <th scope="col" className="number">
                  n
                </th>
                <th scope="col" className="number">
                  {t("table2.mae")}
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row, i) => (
                <Method key={i} row={row} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </FigureCard>
  );
}

function Method({ row }: { row: MethodRow }) {
  const { number } = useFormat();
  const word = useWord();
  const [tone, icon] = KINDS[row.kind];
  const { mae_low_years: low, mae_high_years: high } = row;
  const name = row.kind === "literature" ? `${row.reference} ${row.year}` : row.reference || word(row.method);
  return (
    <tr>
      <td>
        <Mark tone={tone} icon={icon}>
          {word(row.kind)}
        </Mark>
      </td>
      <td>{row.evaluation ? <Link className="row-link" to={`/evaluate/${row.evaluation}`}>{name}</Link> : name}</td>
      <td>{row.kind === "baseline" ? "" : row.method}</td>
      <td className="number">{number(row.n)}</td>
      <td className="number">
        <b>{number(row.mae_years, 3)}</b>
        {low !== null && high !== null && (
          <Text size="xs" c="dimmed">
            {number(low, 3)} – {number(high, 3)}
          </Text>
        )}
      </td>
    </tr>
  );
}

function Comparison({ evaluation, query }: Props) {
  const { t } = useTranslation("evaluate");
  const { number, percent, signed } = useFormat();
  const word = useWord();
  const populationName = usePopulationName();
  const { address, set } = useCaseFilter();
  const others = useEvaluations();
  const other = address.get("other");
  const figure = useComparison(evaluation.id, other, query);
  const choose = (
    <NativeSelect
      size="xs"
      label={t("comparison.other")}
      data={[
        { value: "", label: t("comparison.choose") },
        ...(others.data?.results ?? [])
          .filter(({ id }) => id !== evaluation.id)
          .map((one) => ({ value: one.id, label: `${one.model.label} · ${populationName(one.population)}` })),
      ]}
      value={other ?? ""}
      onChange={(event) => set({ other: event.currentTarget.value })}
    />
  );
  if (!other) {
    return (
      <Card title={t("comparison.title")} intro={t("comparison.intro")}>
        {choose}
      </Card>
    );
  }
  return (
    <FigureCard
      evaluation={evaluation}
      title={t("comparison.title")}
      intro={(values) =>
        values.n === 0
          ? t("comparison.nothing")
          : t("comparison.found", {
              shown: number(values.n),
              first: number((values.first?.mae_months ?? 0) / 12, 3),
              second: number((values.second?.mae_months ?? 0) / 12, 3),
              nearer: percent(values.second_nearer ?? 0),
            })
      }
      figure={figure}
      csv={comparisonCsv(evaluation.id, other, query)}
    >
      {(values, drawing) => (
        <>
          {choose}
          {values.n > 0 && (
            <Whiskers
              ref={drawing}
              label={t("comparison.title")}
              xLabel={t("comparison.axis")}
              tick={(value) => signed(value, 2)}
              count={(n) => `n ${number(n)}`}
              rows={values.rows.map((row) => ({
                label: row.band === "all" ? word(row.group) : word(row.band),
                n: row.n,
                value: row.difference === null ? null : row.difference / 12,
                interval:
                  row.difference_low === null || row.difference_high === null
                    ? null
                    : [row.difference_low / 12, row.difference_high / 12],
                few: row.n < values.few,
              }))}
            />
          )}
        </>
      )}
    </FigureCard>
  );
}
