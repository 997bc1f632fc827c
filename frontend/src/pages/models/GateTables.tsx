import { useTranslation } from "react-i18next";
import { IconArrowDown, IconArrowUp, IconMinus } from "@tabler/icons-react";

import { isRegionId, regionName } from "../../core/regions";
import type { Verdict } from "../../api/types";
import { useFormat } from "../../i18n/format";
import { Mark } from "../../panels/badges";

type AgeRow = Verdict["ages"][number];
type Says = AgeRow["says"];

/** Both models on the same films: errors of age by sex and age years, then what was found of each region. */
export function GateTables({ verdict }: { verdict: Verdict }) {
  const { t } = useTranslation("models");
  const { number, percent, signed, language } = useFormat();
  const whole = verdict.ages.filter((row) => row.band === "all");
  const bands = verdict.ages.filter((row) => row.band !== "all");
  const months = (row: AgeRow) => ({
    n: row.n,
    says: row.says,
    cells: [
      row.active === null ? "–" : number(row.active, 2),
      row.candidate === null ? "–" : number(row.candidate, 2),
      row.difference === null ? "–" : signed(row.difference, 2),
      row.low === null || row.high === null ? "–" : `${signed(row.low, 2)} … ${signed(row.high, 2)}`,
    ],
  });
  return (
    <>
      <GateTable
        caption={t("gate.ages")}
        first={t("gate.group")}
        rows={whole.map((row) => ({ name: t(`gate.groups.${row.group as "total"}`), ...months(row) }))}
        few={verdict.few}
      />
      {bands.length > 0 && (
        <details>
          <summary style={{ cursor: "pointer", fontSize: 13.5 }}>{t("gate.bands")}</summary>
          <GateTable
            caption={t("gate.bands")}
            first={t("gate.band")}
            rows={bands.map((row) => ({ name: row.band, ...months(row) }))}
            few={verdict.few}
          />
        </details>
      )}
      {verdict.regions.length > 0 && (
        <GateTable
          caption={t("gate.regions")}
          first={t("gate.region")}
          few={verdict.few}
          rows={verdict.regions.map((row) => ({
            name: isRegionId(row.region) ? regionName(row.region, language) : t("gate.allRegions"),
            n: row.n,
            says: row.says,
            cells: [
              percent(row.active ?? 0, 1),
              percent(row.candidate ?? 0, 1),
              signed((row.difference ?? 0) * 100, 1),
              row.low === null || row.high === null
                ? "–"
                : `${signed(row.low * 100, 1)} … ${signed(row.high * 100, 1)}`,
            ],
          }))}
        />
      )}
    </>
  );
}

interface Row {
  name: string;
  n: number;
  says: Says;
  cells: string[];
}

function GateTable({ caption, first, rows, few }: { caption: string; first: string; rows: Row[]; few: number | null }) {
  const { t } = useTranslation("models");
  const { number } = useFormat();
  return (
    <div className="table-wrap">
      <table className="table">
        <caption style={{ textAlign: "left", fontWeight: 600, fontSize: 13.5, paddingBottom: 6 }}>{caption}</caption>
        <thead>
          <tr>
            <th scope="col">{first}</th>
            {(["n", "inUse", "candidate", "difference", "interval"] as const).map((name) => (
              <th key={name} scope="col" className="number">
                {t(`gate.column.${name}`)}
              </th>
            ))}
            <th scope="col">{t("gate.column.says")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.name}>
              <td>{row.name}</td>
              <td className="number">{number(row.n)}</td>
              {row.cells.map((cell, index) => (
                <td key={index} className="number">
                  {cell}
                </td>
              ))}
              <td>{few !== null && row.n < few && row.says !== "worse" ? t("gate.few") : <SaysMark says={row.says} />}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const LOOK = {
  better: { tone: "good", icon: IconArrowUp },
  worse: { tone: "bad", icon: IconArrowDown },
  nothing: { tone: "quiet", icon: IconMinus },
} as const;

function SaysMark({ says }: { says: Says }) {
  const { t } = useTranslation("models");
  return (
    <Mark {...LOOK[says]} plain>
      {t(`gate.says.${says}`)}
    </Mark>
  );
}
