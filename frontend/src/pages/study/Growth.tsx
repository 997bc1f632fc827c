import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import {
  CartesianGrid,
  ErrorBar,
  ReferenceLine,
  ResponsiveContainer,
  Scatter,
  ScatterChart,
  Tooltip,
  XAxis,
  YAxis,
} from "recharts";

import type { StudyResult } from "../../api/types";
import { useFormat } from "../../i18n/format";
import { AXIS, GRID, SERIES_COLOURS, TOOLTIP } from "../../panels/chartLook";
import { ChartCard } from "../../panels/ChartCard";

/** Bone age against age over the child's examinations, each with its error; and how fast it moved since the last. */
export default function Growth({ result }: { result: StudyResult }) {
  const { t } = useTranslation("result");
  const { age, number } = useFormat();
  const { points } = result.growth;
  const here = points.find((point) => point.study === result.study.id);
  const rows = points.map((point) => [
    age(point.chronological_age_months),
    age(point.bone_age_months),
    t(`origin.${point.origin}`),
    point.change?.rate == null ? "" : `${number(point.change.rate, 2)} ${t("growth.perYear")}`,
  ]);
  const data = points.map((point) => ({
    x: point.chronological_age_months / 12,
    y: point.bone_age_months / 12,
    error: (2 * point.sd_months) / 12,
  }));
  const lowest = Math.max(0, Math.floor(Math.min(...data.map(({ x, y, error }) => Math.min(x, y - error)))));
  const highest = Math.ceil(Math.max(...data.map(({ x, y, error }) => Math.max(x, y + error))));
  // The chart would stretch its axis for the error bars and name fractions of years.
  const axis = { type: "number" as const, domain: [lowest, highest], ticks: wholeYears(lowest, highest), allowDataOverflow: true };
  return (
    <ChartCard
      title={t("growth.title")}
      intro={t("growth.intro")}
      columns={[t("chronologicalAge"), t("boneAge"), t("growth.origin"), t("growth.rate")]}
      rows={() => rows}
    >
      <div data-testid="growth">
        <ResponsiveContainer width="100%" height={220}>
          <ScatterChart margin={{ top: 8, right: 12, bottom: 14, left: 0 }}>
            <CartesianGrid {...GRID} />
            <XAxis
              dataKey="x"
              name={t("chronologicalAge")}
              {...axis}
              {...AXIS}
              label={{ value: t("growth.age"), position: "insideBottom", offset: -8, fontSize: 11, fill: "var(--mantine-color-dimmed)" }}
            />
            <YAxis dataKey="y" name={t("boneAge")} {...axis} width={34} {...AXIS} />
            <ReferenceLine
              segment={[
                { x: lowest, y: lowest },
                { x: highest, y: highest },
              ]}
              stroke="var(--mantine-color-dimmed)"
              strokeDasharray="4 4"
            />
            <Tooltip {...TOOLTIP} formatter={(value) => age(Number(value) * 12)} />
            <Scatter data={data} line fill={SERIES_COLOURS[0]} isAnimationActive={false}>
              <ErrorBar dataKey="error" direction="y" width={5} stroke={SERIES_COLOURS[0]} opacity={0.6} />
            </Scatter>
          </ScatterChart>
        </ResponsiveContainer>
        {here?.change && (
          <Text size="sm">
            {t(here.change.within_noise ? "growth.within" : "growth.beyond", {
              bone: number(here.change.bone_age_months, 0),
              age: number(here.change.age_months, 0),
              noise: number(here.change.noise_months, 0),
            })}
          </Text>
        )}
      </div>
    </ChartCard>
  );
}

const MOST_TICKS = 8;

/** Whole years from one to the other, every one or every few. */
function wholeYears(lowest: number, highest: number): number[] {
  const step = Math.max(1, Math.ceil((highest - lowest) / MOST_TICKS));
  return Array.from({ length: Math.floor((highest - lowest) / step) + 1 }, (_, index) => lowest + index * step);
}
