import { Grid, Stack } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { Query } from "../../api/client";
import { figureCsv, useFigure } from "../../api/evaluations";
import type { AgeInputValues, CalibrationValues, ClassValues, Estimate, GapValues, HeadlineValues, RejectedValues } from "../../api/figures";
import type { Evaluation, Interval } from "../../api/types";
import { useFormat } from "../../i18n/format";
import { Plot } from "../../panels/plot/Plot";
import { Whiskers } from "../../panels/plot/Whiskers";
import { ClassMatrix } from "./ClassMatrix";
import { FigureCard } from "./FigureCard";
import { MeasureWhiskers } from "./MeasureWhiskers";
import { useWord } from "./words";

interface Props {
  evaluation: Evaluation;
  query: Query;
}

const OLDEST = 20;

/** Whether predictions can be taken at their word: calibration, agreement, classes, and who is pulled to the normal. */
export function Agreement(props: Props) {
  const { evaluation } = props;
  const withAge = evaluation.has_chronological_age;
  return (
    <Grid gap="lg">
      {[
        [Numbers, Within, ...(withAge ? [AgeInput] : []), Rejected],
        [Calibration, ...(withAge ? [Gap, Classes] : [])],
      ].map((parts, column) => (
        <Grid.Col key={column} span={{ base: 12, lg: 6 }}>
          <Stack gap="lg">
            {parts.map((Part, i) => (
              <Part key={i} {...props} />
            ))}
          </Stack>
        </Grid.Col>
      ))}
    </Grid>
  );
}

function Numbers({ evaluation, query }: Props) {
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

function Within({ evaluation, query }: Props) {
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

function Calibration({ evaluation, query }: Props) {
  const { t } = useTranslation("evaluate");
  const { number, percent, signed } = useFormat();
  const figure = useFigure<CalibrationValues>(evaluation.id, "calibration", query);
  return (
    <FigureCard
      evaluation={evaluation}
      title={t("calibration.title")}
      intro={({ line, held }) =>
        [
          line && t("calibration.line", {
            slope: number(line.slope.value ?? 0, 3),
            lower: line.slope.interval ? number(line.slope.interval[0], 3) : "–",
            upper: line.slope.interval ? number(line.slope.interval[1], 3) : "–",
            intercept: signed((line.intercept_months.value ?? 0) / 12, 2),
          }),
          held && t("calibration.held", { share: percent(held.share, 1), width: number(held.median_width_months / 12, 2) }),
        ]
          .filter(Boolean)
          .join(" ")
      }
      figure={figure}
      csv={figureCsv(evaluation.id, "calibration", query)}
    >
      {({ rows }, drawing) => (
        <Plot
          ref={drawing}
          label={t("calibration.title")}
          xDomain={[0, OLDEST]}
          yDomain={[0, OLDEST]}
          xLabel={t("scatter.model")}
          yLabel={t("scatter.truth")}
          tick={(value) => number(value)}
        >
          {({ x, y }) => (
            <>
              <line className="plot-line" x1={x(0)} y1={y(0)} x2={x(OLDEST)} y2={y(OLDEST)} />
              <g className="plot-both">
                {rows.map(({ predicted_months, truth_months, truth_interval_months: interval, n }, i) => (
                  <g key={i} className={n < 20 ? "plot-few" : undefined}>
                    {interval && (
                      <line
                        x1={x(predicted_months / 12)}
                        x2={x(predicted_months / 12)}
                        y1={y(interval[0] / 12)}
                        y2={y(interval[1] / 12)}
                        strokeWidth={2}
                      />
                    )}
                    <circle cx={x(predicted_months / 12)} cy={y(truth_months / 12)} r={3.5} fillOpacity={n < 20 ? 0 : 1} />
                  </g>
                ))}
              </g>
            </>
          )}
        </Plot>
      )}
    </FigureCard>
  );
}

function Gap({ evaluation, query }: Props) {
  const { t } = useTranslation("evaluate");
  const { number } = useFormat();
  const figure = useFigure<GapValues>(evaluation.id, "error_by_gap", query);
  const years = (months: number) => number(months / 12, Number.isInteger(months / 12) ? 0 : 1);
  return (
    <FigureCard
      evaluation={evaluation}
      title={t("gap.title")}
      intro={t("gap.intro")}
      figure={figure}
      csv={figureCsv(evaluation.id, "error_by_gap", query)}
    >
      {({ rows }, drawing) => (
        <Whiskers
          ref={drawing}
          label={t("gap.title")}
          xLabel={t("axis.bias")}
          tick={(value) => number(value, 1)}
          count={(n) => `n ${number(n)}`}
          rows={rows.map(({ from_months: from, to_months: to, measures }) => ({
            label:
              from === null
                ? t("gap.below", { to: years(to ?? 0) })
                : to === null
                  ? t("gap.above", { from: years(from) })
                  : t("gap.between", { from: years(from), to: years(to) }),
            n: measures?.n ?? 0,
            value: measures && measures.bias_months / 12,
            interval: measures?.bias_interval_months
              ? [measures.bias_interval_months[0] / 12, measures.bias_interval_months[1] / 12]
              : null,
            few: (measures?.n ?? 0) < 20,
          }))}
        />
      )}
    </FigureCard>
  );
}

function Classes({ evaluation, query }: Props) {
  const { t } = useTranslation("evaluate");
  const figure = useFigure<ClassValues>(evaluation.id, "clinical_class", query);
  return (
    <FigureCard
      evaluation={evaluation}
      title={t("classes.title")}
      intro={(values) => t("classes.intro", { table: t(`sdTable.${values.sd_table as "gp1959_brush"}`) })}
      figure={figure}
      csv={figureCsv(evaluation.id, "clinical_class", query)}
    >
      {(values) => <ClassMatrix values={values} />}
    </FigureCard>
  );
}

function AgeInput({ evaluation, query }: Props) {
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

function Rejected({ evaluation, query }: Props) {
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
