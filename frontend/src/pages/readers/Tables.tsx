import { useTranslation } from "react-i18next";

import type { Reader, ReaderFigures, ReaderPair } from "../../api/types";
import { useFormat } from "../../i18n/format";
import { Card } from "../../panels/Card";
import { LimitsCell, MeasureCell, MeasureCells, MeasureHeads } from "./MeasureCells";

/** All readers; a row chosen shows more beneath. */
export function ReaderTable({
  figures,
  chosen,
  onChoose,
}: {
  figures: ReaderFigures;
  chosen: string | null;
  onChoose: (reader: string) => void;
}) {
  const { t } = useTranslation("readers");
  return (
    <Card title={t("table.title")} intro={t(`againstWhy.${figures.against}`)}>
      <div className="table-wrap">
        <table className="table readers-table" data-testid="readers-table">
          <thead>
            <tr>
              <th scope="col">{t("table.reader")}</th>
              <MeasureHeads />
            </tr>
          </thead>
          <tbody>
            {figures.readers.map(({ reader, overall }) => (
              <tr key={reader.id} data-link aria-current={reader.id === chosen || undefined} onClick={() => onChoose(reader.id)}>
                <th scope="row">
                  <button type="button" className="row-link plain" aria-pressed={reader.id === chosen} title={t("table.choose", { name: reader.display_name })} onClick={() => onChoose(reader.id)}>
                    {reader.display_name}
                  </button>
                </th>
                <MeasureCells n={overall.n} measures={overall.measures} fewest={figures.fewest} />
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}

export function PairsTable({ pairs, fewest }: { pairs: readonly ReaderPair[]; fewest: number }) {
  const { t } = useTranslation("readers");
  const shown = pairs.filter((pair) => pair.n > 0);
  return (
    <Card title={t("pairs.title")} intro={shown.length > 0 ? t("pairs.intro") : t("pairs.none")}>
      {shown.length > 0 && (
        <div className="table-wrap">
          <table className="table readers-table" data-testid="pairs-table">
            <thead>
              <tr>
                <th scope="col">{t("pairs.first")}</th>
                <th scope="col">{t("pairs.second")}</th>
                <MeasureHeads />
              </tr>
            </thead>
            <tbody>
              {shown.map((pair) => (
                <tr key={pair.first.id + pair.second.id}>
                  <td>{pair.first.display_name}</td>
                  <td>{pair.second.display_name}</td>
                  <MeasureCells n={pair.n} measures={pair.measures} fewest={fewest} />
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Card>
  );
}

/** A person's second reading of a film against their first. */
export function RepeatsTable({ readers, fewest }: { readers: readonly Reader[]; fewest: number }) {
  const { t } = useTranslation("readers");
  const { number } = useFormat();
  const repeated = readers.filter((row) => row.repeats.n > 0);
  return (
    <Card title={t("repeats.title")} intro={repeated.length > 0 ? t("repeats.intro") : t("repeats.none")}>
      {repeated.length > 0 && (
        <div className="table-wrap">
          <table className="table readers-table" data-testid="repeats-table">
            <thead>
              <tr>
                <th scope="col">{t("table.reader")}</th>
                <th scope="col" className="number">
                  {t("table.n")}
                </th>
                <th scope="col" className="number">
                  {t("repeats.within")}
                </th>
                {(["bias", "mae", "limits", "icc", "ccc", "kappa"] as const).map((name) => (
                  <th key={name} scope="col" className="number">
                    {t(`table.${name}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {repeated.map(({ reader, repeats: { n, measures } }) => (
                <tr key={reader.id}>
                  <th scope="row">{reader.display_name}</th>
                  <td className="number">{number(n)}</td>
                  {measures === null ? (
                    <td colSpan={7} className="few">
                      {t("few", { fewest })}
                    </td>
                  ) : (
                    <>
                      <MeasureCell measure={measures.within_sd} />
                      <MeasureCell measure={measures.bias} signed />
                      <MeasureCell measure={measures.mae} />
                      <LimitsCell lower={measures.lower} upper={measures.upper} />
                      <MeasureCell measure={measures.icc_2_1} digits={3} />
                      <MeasureCell measure={measures.ccc} digits={3} />
                      <MeasureCell measure={measures.kappa} digits={2} />
                    </>
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Card>
  );
}
