/** The column of numbers: agreement, shares within limits, with and without the age, rejected films. */
import { useTranslation } from "react-i18next";

import type { Query } from "../../api/address";
import { figureCsv, useFigure } from "../../api/evaluations";
import type { AgeInputValues, Estimate, HeadlineValues, RejectedValues } from "../../api/figures";
import type { Evaluation, Interval } from "../../api/types";
import { useFormat } from "../../i18n/format";
import { Whiskers } from "../../panels/plot/Whiskers";
import { FigureCard } from "./FigureCard";
import { MeasureWhiskers } from "./MeasureWhiskers";
import { useWord } from "./words";

interface Props {
  evaluation: Evaluation;
  query: Query;
}

export function Numbers({ evaluation, query }: Props) {
  const { t } = useTranslation("evaluate");
  const { number, signed } = useFormat();
  const figure = useFigure<HeadlineValues>(evaluation.id, "headline", query);
  const years = (pair: Interval | null | undefined, digits = 2, shown = signed) =>
    pair ? `${shown(pair[0] / 12, digits)} – ${shown(pair[1] / 12, digits)}` : "–";
  const plain = ({ value, interval }: Estimate, digits: number) =>
    value === null ? ["–", "–"] : [number(value, digits), interval ? interval.map((one) => number(one, digits)).join(" – ") : "–"];
  return (
    <FigureCard
      evaluation={evaluation}
      title={t("numbers.title")}
      intro={t("numbers.intro")}
      figure={figure}
      csv={figureCsv(evaluation.id, "headline", query)}
    >
      {({ overall, agreement, reader_noise, children, n }) => {
        const lines: [string, string, string][] = [];
        if (overall) {
          lines.push([t("numbers.mae"), number(overall.mae_months / 12, 3), years(overall.mae_interval_months, 3, number)]);
          lines.push([t("numbers.rmse"), number(overall.rmse_months / 12, 3), years(overall.rmse_interval_months, 3, number)]);
          lines.push([t("numbers.bias"), signed(overall.bias_months / 12, 3), years(overall.bias_interval_months, 3)]);
        }
        if (agreement) {
          for (const name of ["lower_months", "upper_months"] as const) {
            const { value, interval } = agreement[name];
            lines.push([t(`numbers.${name}`), value === null ? "–" : signed(value / 12, 2), years(interval)]);
          }
          const [slope, slopes] = plain(agreement.slope, 3);
          lines.push([t("numbers.slope"), slope ?? "–", slopes ?? "–"]);
          const [icc, iccs] = plain(agreement.icc_2_1, 4);
          lines.push([t("numbers.icc"), icc ?? "–", iccs ?? "–"]);
          const [ccc, cccs] = plain(agreement.ccc, 4);
          lines.push([t("numbers.ccc"), ccc ?? "–", cccs ?? "–"]);
        }
        for (const { readers, sd_months } of reader_noise) {
          lines.push([t("numbers.noise", { count: readers, readers }), sd_months === null ? "–" : number(sd_months / 12, 2), ""]);
        }
        return (
          <table className="table">
            <thead>
              <tr>
                <th scope="col">{t("numbers.of", { n: number(n), children: number(children) })}</th>
                <th scope="col" className="number">
                  {t("numbers.value")}
                </th>
                <th scope="col" className="number">
                  {t("numbers.interval")}
                </th>
              </tr>
            </thead>
            <tbody>
              {lines.map(([name, value, interval]) => (
                <tr key={name}>
                  <th scope="row">{name}</th>
                  <td className="number">{value}</td>
                  <td className="number">{interval}</td>
                </tr>
              ))}
            </tbody>
          </table>
        );
      }}
    </FigureCard>
  );
}

export function Within({ evaluation, query }: Props) {
  const { t } = useTranslation("evaluate");
  const { percent, number } = useFormat();
  const figure = useFigure<HeadlineValues>(evaluation.id, "headline", query);
  return (
    <FigureCard
      evaluation={evaluation}
      title={t("within.title")}
      intro={t("within.intro")}
      figure={figure}
      csv={figureCsv(evaluation.id, "headline", query)}
    >
      {({ within }, drawing) => (
        <Whiskers
          ref={drawing}
          label={t("within.title")}
          xLabel={t("within.axis")}
          tick={(value) => percent(value)}
          count={(n) => `n ${number(n)}`}
          rows={within.map(({ limit_months, n, share, interval }) => ({
            label: t("within.limit", { years: number(limit_months / 12, limit_months % 12 ? 1 : 0), share: percent(share, 1) }),
            n,
            value: share,
            interval,
          }))}
        />
      )}
    </FigureCard>
  );
}

export function AgeInput({ evaluation, query }: Props) {
  const { t } = useTranslation("evaluate");
  const word = useWord();
  const figure = useFigure<AgeInputValues>(evaluation.id, "chronological_age", query);
  return (
    <FigureCard
      evaluation={evaluation}
      title={t("ageInput.title")}
      intro={t(evaluation.model.uses_chronological_age ? "ageInput.uses" : "ageInput.never")}
      figure={figure}
      csv={figureCsv(evaluation.id, "chronological_age", query)}
    >
      {({ rows }, drawing) => (
        <MeasureWhiskers
          drawing={drawing}
          label={t("ageInput.title")}
          rows={rows.map(({ answer, measures }) => ({ label: word(answer), measures }))}
        />
      )}
    </FigureCard>
  );
}

export function Rejected({ evaluation, query }: Props) {
  const { t } = useTranslation("evaluate");
  const { number } = useFormat();
  const word = useWord();
  const figure = useFigure<RejectedValues>(evaluation.id, "rejected_films", query);
  const listed = (counts: Record<string, number>) =>
    Object.entries(counts)
      .map(([code, count]) => `${word(code)} ${number(count)}`)
      .join(t("population.comma"));
  return (
    <FigureCard
      evaluation={evaluation}
      title={t("rejected.title")}
      intro={({ rows, reasons }) =>
        [
          t("rejected.intro"),
          Object.keys(reasons).length > 0 && t("rejected.reasons", { list: listed(reasons) }),
          rows[1] && rows[1].refused > 0 && t("rejected.refused", { list: listed(rows[1].refusals) }),
        ]
          .filter(Boolean)
          .join(" ")
      }
      figure={figure}
      csv={figureCsv(evaluation.id, "rejected_films", query)}
    >
      {({ rows }, drawing) => (
        <MeasureWhiskers
          drawing={drawing}
          label={t("rejected.title")}
          rows={rows.map(({ rejected, measures }) => ({ label: word(rejected), measures }))}
        />
      )}
    </FigureCard>
  );
}
