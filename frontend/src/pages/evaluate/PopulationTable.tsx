import { useTranslation } from "react-i18next";

import type { Table1Values } from "../../api/figures";
import { useFormat } from "../../i18n/format";
import { bandLabel } from "./bands";
import { useWord } from "./words";

const SEXES = ["F", "M"] as const;

/** The paper's table 1: girls and boys of each age year in each part. */
export function PopulationTable({ values }: { values: Table1Values }) {
  const { t } = useTranslation("evaluate");
  const { t: common } = useTranslation();
  const { number } = useFormat();
  const word = useWord();
  const { parts, rows } = values;
  const of = (row: Table1Values["rows"][number]) =>
    parts.flatMap((part) => {
      const [girls, boys] = SEXES.map((sex) => row.parts[part]?.[sex] ?? 0) as [number, number];
      return [girls, boys, girls + boys];
    });
  const filled = rows.filter((row) => of(row).some((count) => count > 0));
  const sums = filled.map(of).reduce((total, line) => total.map((count, i) => count + (line[i] ?? 0)), of(emptyRow));
  return (
    <div className="table-wrap">
      <table className="heat" data-testid="table1">
        <thead>
          <tr>
            <td />
            {parts.map((part) => (
              <th key={part} scope="colgroup" colSpan={3}>
                {word(part)}
              </th>
            ))}
          </tr>
          <tr>
            <th scope="col">{t("table3.band")}</th>
            {parts.flatMap((part) =>
              [common("sex.F"), common("sex.M"), t("table3.total")].map((name) => (
                <th key={`${part}${name}`} scope="col">
                  {name}
                </th>
              )),
            )}
          </tr>
        </thead>
        <tbody>
          {filled.map((row) => (
            <tr key={row.band}>
              <th scope="row">{bandLabel(row)}</th>
              {of(row).map((count, i) => (
                <td key={i} className={count === 0 ? "n" : undefined}>
                  {number(count)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{t("table3.all")}</th>
            {sums.map((count, i) => (
              <td key={i}>{number(count)}</td>
            ))}
          </tr>
        </tfoot>
      </table>
    </div>
  );
}

const emptyRow: Table1Values["rows"][number] = { band: "", from_years: null, to_years: null, parts: {} };
