import { SegmentedControl } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { CartesianGrid, Legend, Line, LineChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";

import type { CurvePoint } from "../../api/types";
import { useFormat } from "../../i18n/format";
import { ChartCard } from "../../panels/ChartCard";
import { AXIS, GRID, SERIES_COLOURS, TOOLTIP } from "../../panels/chartLook";
import { usePhaseName } from "../../panels/phaseName";
import { measuresOf, phasesOf } from "./curvePoints";

/** The measures of a training as they come in, stage by stage: each stage counts its own steps. */
export default function Curve({ points }: { points: readonly CurvePoint[] }) {
  const { t } = useTranslation("runs");
  const { number } = useFormat();
  const phaseName = usePhaseName();
  const phases = phasesOf(points);
  const [chosen, setChosen] = useState<string | null>(null);
  const phase = chosen ?? phases[phases.length - 1] ?? "";
  const shown = points.filter((point) => (point.phase ?? "") === phase);
  const measures = measuresOf(shown);
  const last = shown[shown.length - 1];
  return (
    <ChartCard
      title={t("curve.title")}
      intro={t("curve.intro", { step: last ? number(last.step) : "" })}
      columns={[t("curve.step"), ...measures]}
      rows={() => shown.map((point) => [
        number(point.step),
        ...measures.map((name) => (typeof point[name] === "number" ? number(point[name], 4) : "")),
      ])}
      tools={
        phases.length > 1 && (
          <SegmentedControl
            size="xs"
            aria-label={t("curve.phase")}
            value={phase}
            onChange={setChosen}
            data={phases.map((name) => ({ value: name, label: phaseName({ phase: name }) }))}
          />
        )
      }
    >
      <ResponsiveContainer width="100%" height={260}>
        <LineChart data={shown} margin={{ top: 8, right: 12, bottom: 4, left: 0 }}>
          <CartesianGrid {...GRID} />
          <XAxis dataKey="step" type="number" domain={["dataMin", "dataMax"]} {...AXIS} />
          <YAxis width={48} {...AXIS} domain={[0, "auto"]} />
          <Tooltip {...TOOLTIP} />
          <Legend iconType="plainline" wrapperStyle={{ fontSize: 12 }} />
          {measures.map((name, index) => (
            <Line
              key={name}
              dataKey={name}
              dot={shown.length < 3}
              isAnimationActive={false}
              connectNulls
              stroke={SERIES_COLOURS[index % SERIES_COLOURS.length] ?? "currentColor"}
              strokeWidth={name === "loss" ? 2.4 : 1.5}
            />
          ))}
        </LineChart>
      </ResponsiveContainer>
    </ChartCard>
  );
}
