import { Tooltip } from "@mantine/core";
import type { CSSProperties } from "react";
import { useTranslation } from "react-i18next";

import type { ErrorMeasures, EvaluationReport, Table3Row } from "../../api/types";
import { useFormat } from "../../i18n/format";
import { Card } from "../../panels/Card";
import { bandLabel, FEW, heat } from "./bands";

/** The paper's table 3: mean absolute error by age year and sex, in years; cells of few studies are hatched. */
export function HeatTable({ report }: { report: EvaluationReport }) {
  const { t } = useTranslation("evaluate");
  const { t: common } = useTranslation();
  const rows = report.table3.filter((row) => row.total !== null && row.total.n > 0);
  return (
    <Card title={t("table3.title", { by: t(`bandBy.${report.band_by}`) })} intro={t("table3.intro", { few: FEW })}>
      <div className="table-wrap">
        <table className="heat">
          <thead>
            <tr>
              <th scope="col">{t("table3.band")}</th>
              <th scope="col">{t("table3.n")}</th>
              <th scope="col">{common("sex.F")}</th>
              <th scope="col">{t("table3.n")}</th>
              <th scope="col">{common("sex.M")}</th>
              <th scope="col">{t("table3.n")}</th>
              <th scope="col">{t("table3.total")}</th>
              <td aria-hidden style={{ width: 90 }} />
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <Row key={row.band} row={row} />
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">{t("table3.all")}</th>
              <Total measures={report.by_sex.F} />
              <Total measures={report.by_sex.M} />
              <Total measures={report.overall} />
              <td aria-hidden />
            </tr>
          </tfoot>
        </table>
      </div>
    </Card>
  );
}

function Row({ row }: { row: Table3Row }) {
  const width = Math.min(100, ((row.total?.mae_months ?? 0) / 12) * 90);
  return (
    <tr>
      <th scope="row">{bandLabel(row)}</th>
      <Cells measures={row.female} />
      <Cells measures={row.male} />
      <Cells measures={row.total} />
      <td aria-hidden>
        <div className="bar" data-few={(row.total?.n ?? 0) < FEW || undefined} style={{ width: `${width}%` }} />
      </td>
    </tr>
  );
}

function Cells({ measures }: { measures: ErrorMeasures | null }) {
  const { t } = useTranslation("evaluate");
  const { number } = useFormat();
  if (!measures || measures.n === 0) {
    return (
      <>
        <td className="n">0</td>
        <td className="n">–</td>
      </>
    );
  }
  const interval = measures.mae_interval_months;
  const few = measures.n < FEW;
  const years = number(measures.mae_months / 12, 2);
  const cell = (
    <td
      className="cell"
      data-few={few || undefined}
      style={{ "--heat": heat(measures.mae_months) } as CSSProperties}
    >
      {years}
    </td>
  );
  return (
    <>
      <td className="n">{number(measures.n)}</td>
      {interval ? (
        <Tooltip
          label={t("table3.interval", {
            lower: number(interval[0] / 12, 2),
            upper: number(interval[1] / 12, 2),
            bias: number(measures.bias_months / 12, 2),
          })}
        >
          {cell}
        </Tooltip>
      ) : (
        cell
      )}
    </>
  );
}

function Total({ measures }: { measures: ErrorMeasures | null }) {
  const { number } = useFormat();
  if (!measures) {
    return (
      <>
        <td>0</td>
        <td>–</td>
      </>
    );
  }
  return (
    <>
      <td>{number(measures.n)}</td>
      <td>{number(measures.mae_months / 12, 2)}</td>
    </>
  );
}
