import { Grid, Stack } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { Query } from "../../api/address";
import { figureCsv, useFigure } from "../../api/evaluations";
import type { CalibrationValues, ClassValues, GapValues } from "../../api/figures";
import type { Evaluation } from "../../api/types";
import { useFormat } from "../../i18n/format";
import { Plot } from "../../panels/plot/Plot";
import { Whiskers } from "../../panels/plot/Whiskers";
import { AgeInput, Numbers, Rejected, Within } from "./AgreementNumbers";
import { ClassMatrix } from "./ClassMatrix";
import { FigureCard } from "./FigureCard";

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

