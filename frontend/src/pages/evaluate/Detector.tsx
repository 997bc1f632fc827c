import { useTranslation } from "react-i18next";

import type { Query } from "../../api/address";
import { figureCsv, useFigure } from "../../api/evaluations";
import type { DetectorRow, DetectorValues } from "../../api/figures";
import type { Evaluation } from "../../api/types";
import { useFormat } from "../../i18n/format";
import { FigureCard } from "./FigureCard";
import { useWord } from "./words";

/** How well the detector finds the seventeen regions: recall, distance of the centres, overlap, average precision. */
export function Detector({ evaluation, query }: { evaluation: Evaluation; query: Query }) {
  const { t } = useTranslation("evaluate");
  const { number, percent } = useFormat();
  const figure = useFigure<DetectorValues>(evaluation.id, "detector", query);
  return (
    <FigureCard
      evaluation={evaluation}
      title={t("detector.title")}
      intro={({ hands, hands_complete, centre_limit, iou_limit }) =>
        t("detector.intro", {
          hands: number(hands),
          complete: percent(hands_complete, 1),
          limit: percent(centre_limit),
          iou: number(iou_limit, 1),
        })
      }
      figure={figure}
      csv={figureCsv(evaluation.id, "detector", query)}
      height={560}
    >
      {({ rows, all }) => (
        <div className="table-wrap">
          <table className="heat" data-testid="detector">
            <thead>
              <tr>
                <th scope="col">{t("columnName.region")}</th>
                {(["n", "found", "recall_iou", "centre_median", "centre_95", "median_iou", "average_precision", "false"] as const).map(
                  (name) => (
                    <th key={name} scope="col">
                      {t(`columnName.${name}`)}
                    </th>
                  ),
                )}
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <Line key={row.region} row={row} />
              ))}
            </tbody>
            <tfoot>
              <Line row={all} />
            </tfoot>
          </table>
        </div>
      )}
    </FigureCard>
  );
}

function Line({ row }: { row: DetectorRow }) {
  const { number, percent } = useFormat();
  const word = useWord();
  const share = (value: number | null) => (value === null ? "–" : percent(value, 1));
  const plain = (value: number | null, digits: number) => (value === null ? "–" : number(value, digits));
  return (
    <tr>
      <th scope="row">{word(row.region)}</th>
      <td className="n">{number(row.n)}</td>
      <td>{share(row.found)}</td>
      <td>{share(row.recall_iou)}</td>
      <td>{share(row.centre_median)}</td>
      <td>{share(row.centre_95)}</td>
      <td>{plain(row.median_iou, 2)}</td>
      <td>{plain(row.average_precision, 3)}</td>
      <td>{plain(row.false, 0)}</td>
    </tr>
  );
}
