import { Grid, Stack } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { Query } from "../../api/address";
import { figureCsv, useFigure } from "../../api/evaluations";
import type { PointsValues, Table3Values } from "../../api/figures";
import type { Evaluation } from "../../api/types";
import { useFormat } from "../../i18n/format";
import { FEW } from "./bands";
import { FigureCard } from "./FigureCard";
import { HeatTable } from "./HeatTable";
import { PointsFigure } from "./PointsFigure";

const OLDEST = 20;

/** Table 3 with the two pictures that everybody looks at first. */
export function Overview({ evaluation, query }: { evaluation: Evaluation; query: Query }) {
  return (
    <Grid gap="lg">
      <Grid.Col span={{ base: 12, lg: 7 }}>
        <Table3 evaluation={evaluation} query={query} />
      </Grid.Col>
      <Grid.Col span={{ base: 12, lg: 5 }}>
        <Stack gap="lg">
          <ScatterCard evaluation={evaluation} query={query} />
          <BlandAltmanCard evaluation={evaluation} query={query} />
        </Stack>
      </Grid.Col>
    </Grid>
  );
}

interface Props {
  evaluation: Evaluation;
  query: Query;
}

function Table3({ evaluation, query }: Props) {
  const { t } = useTranslation("evaluate");
  const figure = useFigure<Table3Values>(evaluation.id, "table3", query);
  const by = query["band_by"] === "chronological_age" || query["band_by"] === "bone_age" ? query["band_by"] : evaluation.band_by;
  return (
    <FigureCard
      evaluation={evaluation}
      title={t("table3.title", { by: t(`bandBy.${by}`) })}
      intro={(values) =>
        [t("table3.intro", { few: FEW }), values.unbanded ? t("table3.unbanded", { count: values.unbanded }) : null]
          .filter(Boolean)
          .join(" ")
      }
      figure={figure}
      csv={figureCsv(evaluation.id, "table3", query)}
      height={560}
    >
      {(values) => <HeatTable values={values} />}
    </FigureCard>
  );
}

function ScatterCard({ evaluation, query }: Props) {
  const { t } = useTranslation("evaluate");
  const figure = useFigure<PointsValues>(evaluation.id, "scatter", query);
  return (
    <FigureCard
      evaluation={evaluation}
      title={t("scatter.title")}
      intro={t("scatter.intro")}
      figure={figure}
      csv={figureCsv(evaluation.id, "scatter", query)}
    >
      {(values, drawing) => {
        const oldest = oldestYears(values);
        return (
          <PointsFigure
            evaluation={evaluation.id}
            values={values}
            drawing={drawing}
            plot="scatter"
            label={t("scatter.title")}
            xLabel={t("scatter.truth")}
            yLabel={t("scatter.model")}
            xDomain={[0, oldest]}
            yDomain={[0, oldest]}
            lines={({ x, y }) => <line className="plot-line" x1={x(0)} y1={y(0)} x2={x(oldest)} y2={y(oldest)} />}
          />
        );
      }}
    </FigureCard>
  );
}

function BlandAltmanCard({ evaluation, query }: Props) {
  const { t } = useTranslation("evaluate");
  const { signed } = useFormat();
  const figure = useFigure<PointsValues>(evaluation.id, "bland_altman", query);
  const years = (months: number | null | undefined) => (typeof months === "number" ? signed(months / 12, 2) : "–");
  return (
    <FigureCard
      evaluation={evaluation}
      title={t("blandAltman.title")}
      intro={({ agreement, bias_months: bias }) =>
        t("blandAltman.intro", {
          bias: years(bias?.value),
          lower: years(agreement?.lower_months.value),
          upper: years(agreement?.upper_months.value),
          slope: typeof agreement?.slope.value === "number" ? signed(agreement.slope.value, 3) : "–",
          slopeLower: agreement?.slope.interval ? signed(agreement.slope.interval[0], 3) : "–",
          slopeUpper: agreement?.slope.interval ? signed(agreement.slope.interval[1], 3) : "–",
        })
      }
      figure={figure}
      csv={figureCsv(evaluation.id, "bland_altman", query)}
    >
      {(values, drawing) => {
        const reach = reachYears(values);
        // On few films an interval is wider than the drawing.
        const within = (of: number) => Math.min(reach, Math.max(-reach, of));
        return (
          <PointsFigure
            evaluation={evaluation.id}
            values={values}
            drawing={drawing}
            plot="bland_altman"
            label={t("blandAltman.title")}
            xLabel={t("blandAltman.mean")}
            yLabel={t("blandAltman.difference")}
            xDomain={[0, OLDEST]}
            yDomain={[-reach, reach]}
            lines={({ x, y }) =>
              [values.bias_months, values.agreement?.lower_months, values.agreement?.upper_months].map((line, i) =>
                typeof line?.value === "number" ? (
                  <g key={i}>
                    {line.interval && (
                      <rect
                        className="plot-band"
                        x={x(0)}
                        width={x(OLDEST) - x(0)}
                        y={y(within(line.interval[1] / 12))}
                        height={Math.max(1, y(within(line.interval[0] / 12)) - y(within(line.interval[1] / 12)))}
                      />
                    )}
                    <line
                      className="plot-line"
                      strokeDasharray={i === 0 ? undefined : "5 4"}
                      x1={x(0)}
                      x2={x(OLDEST)}
                      y1={y(line.value / 12)}
                      y2={y(line.value / 12)}
                    />
                    <text className="plot-note" x={x(OLDEST) - 4} y={y(line.value / 12) - 4} textAnchor="end">
                      {years(line.value)}
                    </text>
                  </g>
                ) : null,
              )
            }
          />
        );
      }}
    </FigureCard>
  );
}

/** Where the axes of ages end: at twenty years, or after the oldest age in steps of five. */
export function oldestYears({ points, density }: PointsValues): number {
  const all = [...points.x, ...points.y, ...(density ?? []).flatMap(([x, y]) => [x, y])];
  return Math.max(OLDEST, Math.ceil(all.reduce((most, months) => Math.max(most, months), 0) / 60) * 5);
}

/** How far the axis of differences goes, in whole years, the same up and down: every point and limit lies on it. */
export function reachYears({ points, density, agreement }: PointsValues): number {
  const all = [
    ...points.y,
    ...(density ?? []).map(([, y]) => y),
    agreement?.lower_months.value ?? 0,
    agreement?.upper_months.value ?? 0,
  ];
  return Math.max(1, Math.ceil(all.reduce((most, months) => Math.max(most, Math.abs(months)), 0) / 12));
}
