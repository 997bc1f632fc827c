import { useTranslation } from "react-i18next";
import { CartesianGrid, Legend, Line, LineChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";

import type { CurvePoint } from "../../api/types";
import { useFormat } from "../../i18n/format";
import { ChartCard } from "../../panels/ChartCard";
import { AXIS, GRID, SERIES_COLOURS, TOOLTIP } from "../../panels/chartLook";

/** The measures of a training as they come in. */
export default function Curve({ points }: { points: readonly CurvePoint[] }) {
  const { t } = useTranslation("runs");
  const { number } = useFormat();
  const measures = measuresOf(points);
  const last = points[points.length - 1];
  return (
    <ChartCard
      title={t("curve.title")}
      intro={t("curve.intro", { step: last ? number(last.step) : "" })}
      columns={[t("curve.step"), ...measures]}
      rows={points.map((point) => [
        number(point.step),
        ...measures.map((name) => (typeof point[name] === "number" ? number(point[name], 4) : "")),
      ])}
    >
      <ResponsiveContainer width="100%" height={260}>
        <LineChart data={[...points]} margin={{ top: 8, right: 12, bottom: 4, left: 0 }}>
          <CartesianGrid {...GRID} />
          <XAxis dataKey="step" type="number" domain={["dataMin", "dataMax"]} {...AXIS} />
          <YAxis width={48} {...AXIS} domain={[0, "auto"]} />
          <Tooltip {...TOOLTIP} />
          <Legend iconType="plainline" wrapperStyle={{ fontSize: 12 }} />
          {measures.map((name, index) => (
            <Line
              key={name}
              dataKey={name}
              dot={false}
              isAnimationActive={false}
              connectNulls
              stroke={SERIES_COLOURS[index % SERIES_COLOURS.length] ?? "currentColor"}
              strokeWidth={1.8}
            />
          ))}
        </LineChart>
      </ResponsiveContainer>
    </ChartCard>
  );
}

/** Numbers other than the step, the loss first. */
export function measuresOf(points: readonly CurvePoint[]): string[] {
  const names = new Set<string>();
  for (const point of points) {
    for (const [name, value] of Object.entries(point)) {
      if (name !== "step" && typeof value === "number") names.add(name);
    }
  }
  return [...names].sort((a, b) => Number(b === "loss") - Number(a === "loss"));
}
