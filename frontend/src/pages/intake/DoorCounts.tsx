import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { DOORS, INTAKE_RESULTS, type Door, type Intake, type IntakeResult } from "../../api/types";
import { useFormat } from "../../i18n/format";
import { Card } from "../../panels/Card";
import { ResultMark } from "./ResultMark";

/** Films of the last seven days, by the door that they came through and by what became of them. */
export function DoorCounts({ counts }: { readonly counts: Intake["counts"] }) {
  const { t } = useTranslation("gate");
  const doors = DOORS.filter((door) => counts.some((one) => one.door === door));
  const sum = (door: Door | null, result: IntakeResult | null) =>
    counts
      .filter((one) => (door === null || one.door === door) && (result === null || one.result === result))
      .reduce((total, one) => total + one.count, 0);
  return (
    <Card title={t("intake.week")}>
      <div className="table-wrap">
        <table className="table">
          <thead>
            <tr>
              <th scope="col">{t("column.door")}</th>
              {INTAKE_RESULTS.map((result) => (
                <th key={result} scope="col" className="number">
                  <ResultMark result={result} />
                </th>
              ))}
              <th scope="col" className="number">
                {t("intake.all")}
              </th>
            </tr>
          </thead>
          <tbody>
            {doors.map((door) => (
              <tr key={door}>
                <th scope="row" className="intake-door">
                  {t(`door.${door}`)}
                </th>
                {INTAKE_RESULTS.map((result) => (
                  <Count key={result} count={sum(door, result)} to={`/intake?result=${result}&door=${door}`} />
                ))}
                <Count count={sum(door, null)} to={`/intake?door=${door}`} />
              </tr>
            ))}
            <tr>
              <th scope="row" className="intake-door">
                {t("intake.all")}
              </th>
              {INTAKE_RESULTS.map((result) => (
                <Count key={result} count={sum(null, result)} to={`/intake?result=${result}`} />
              ))}
              <Count count={sum(null, null)} to="/intake" />
            </tr>
          </tbody>
        </table>
      </div>
    </Card>
  );
}

/** A count that leads to its films. */
function Count({ count, to }: { readonly count: number; readonly to: string }) {
  const { number } = useFormat();
  return (
    <td className="number">
      {count === 0 ? (
        <span className="intake-none">{number(0)}</span>
      ) : (
        <Link className="row-link" to={to} replace>
          {number(count)}
        </Link>
      )}
    </td>
  );
}
