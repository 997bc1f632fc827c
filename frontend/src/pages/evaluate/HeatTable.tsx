import type { CSSProperties } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import type { Table3Row, Table3Values } from "../../api/figures";
import type { ErrorMeasures } from "../../api/types";
import { useFormat } from "../../i18n/format";
import { bandLabel, FEW, heat } from "./bands";
import { useCaseFilter } from "./caseFilter";

const GROUPS = ["female", "male", "total"] as const;

/** The paper's table 3: mean absolute error by age year and sex, in years; cells of few studies are grey and hatched. */
export function HeatTable({ values }: { values: Table3Values }) {
  const { t } = useTranslation("evaluate");
  const { t: common } = useTranslation();
  const rows = values.rows.filter((row) => row.total !== null);
  return (
    <div className="table-wrap">
      <table className="heat" data-testid="table3">
        <thead>
          <tr>
            <th scope="col">{t("table3.band")}</th>
            {[common("sex.F"), common("sex.M"), t("table3.total")].map((name) => (
              <HeadPair key={name} name={name} />
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.band}>
              <th scope="row">{bandLabel(row)}</th>
              {GROUPS.map((group) => (
                <Cells key={group} row={row} group={group} />
              ))}
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{t("table3.all")}</th>
            {GROUPS.map((group) => (
              <Total key={group} measures={values.all[group]} />
            ))}
          </tr>
        </tfoot>
      </table>
    </div>
  );
}

function HeadPair({ name }: { name: string }) {
  const { t } = useTranslation("evaluate");
  return (
    <>
      <th scope="col">{t("table3.n")}</th>
      <th scope="col">{name}</th>
      <th scope="col">{t("table3.bias")}</th>
    </>
  );
}

/** n, MAE (one press from its cases), bias. */
function Cells({ row, group }: { row: Table3Row; group: (typeof GROUPS)[number] }) {
  const { t } = useTranslation("evaluate");
  const { number, signed } = useFormat();
  const { address } = useCaseFilter();
  const measures = row[group];
  if (!measures) {
    return (
      <>
        <td className="n">0</td>
        <td className="n">–</td>
        <td className="n">–</td>
      </>
    );
  }
  const next = new URLSearchParams(address);
  next.set("view", "cases");
  if (group !== "total") next.set("sex", group === "female" ? "F" : "M");
  if (row.from_years !== row.to_years && row.from_years !== null) next.set("from_years", String(row.from_years));
  if (row.to_years !== null) next.set("to_years", String(row.to_years));
  const few = measures.n < FEW;
  const mae = measures.mae_interval_months;
  const bias = measures.bias_interval_months;
  const years = (months: number) => number(months / 12, 2);
  return (
    <>
      <td className="n">{number(measures.n)}</td>
      <td className="cell" data-few={few || undefined} style={{ "--heat": heat(measures.mae_months) } as CSSProperties}>
        <Link
          className="cell-link"
          to={`?${next.toString()}`}
          aria-label={t("table3.open", { mae: years(measures.mae_months), n: measures.n })}
          title={
            mae && bias
              ? t("table3.interval", {
                  lower: years(mae[0]),
                  upper: years(mae[1]),
                  biasLower: signed(bias[0] / 12, 2),
                  biasUpper: signed(bias[1] / 12, 2),
                })
              : undefined
          }
        >
          {years(measures.mae_months)}
        </Link>
      </td>
      <td className="n">{signed(measures.bias_months / 12, 2)}</td>
    </>
  );
}

function Total({ measures }: { measures: ErrorMeasures | null }) {
  const { number, signed } = useFormat();
  if (!measures) {
    return (
      <>
        <td>0</td>
        <td>–</td>
        <td>–</td>
      </>
    );
  }
  return (
    <>
      <td>{number(measures.n)}</td>
      <td>{number(measures.mae_months / 12, 3)}</td>
      <td>{signed(measures.bias_months / 12, 2)}</td>
    </>
  );
}
