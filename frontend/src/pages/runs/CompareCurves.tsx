import { Group, SegmentedControl, Select } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { CartesianGrid, Legend, Line, LineChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";

import type { Run } from "../../api/types";
import { useFormat } from "../../i18n/format";
import { ChartCard } from "../../panels/ChartCard";
import { AXIS, GRID, SERIES_COLOURS, TOOLTIP } from "../../panels/chartLook";
import { usePhaseName } from "../../panels/phaseName";
import { together, measuresOf, phasesOf } from "./curvePoints";

/** One measure of both trainings over the steps of one stage; the second is dashed, not only of another colour. */
export default function CompareCurves({ runs }: { runs: readonly [Run, Run] }) {
  const { t } = useTranslation("runs");
  const { number } = useFormat();
  const phaseName = usePhaseName();
  const points = runs.flatMap((run) => run.curve);
  const phases = phasesOf(points);
  const [chosenPhase, setPhase] = useState<string | null>(null);
  const [chosenMeasure, setMeasure] = useState<string | null>(null);
  const phase = chosenPhase ?? phases[0] ?? "";
  const measures = measuresOf(points.filter((point) => (point.phase ?? "") === phase));
  const measure = measures.find((name) => name === chosenMeasure) ?? measures[0] ?? "";
  const rows = together(runs[0].curve, runs[1].curve, phase, measure);
  const cell = (value: number | undefined) => (value === undefined ? "" : number(value, 4));
  return (
    <ChartCard
      title={t("compare.curves")}
      intro={measure ? undefined : t("compare.noCurve")}
      columns={[t("curve.step"), t("compare.first"), t("compare.second")]}
      rows={() => rows.map((row) => [number(row.step), cell(row.first), cell(row.second)])}
      tools={
        <Group gap="xs" wrap="nowrap">
          {measures.length > 1 && (
            <Select
              size="xs"
              w={150}
              aria-label={t("compare.measure")}
              data={measures}
              value={measure}
              allowDeselect={false}
              onChange={setMeasure}
            />
          )}
          {phases.length > 1 && (
            <SegmentedControl
              size="xs"
              aria-label={t("curve.phase")}
              value={phase}
              onChange={setPhase}
              data={phases.map((name) => ({ value: name, label: phaseName({ phase: name }) }))}
            />
          )}
        </Group>
      }
    >
      <ResponsiveContainer width="100%" height={280}>
        <LineChart data={rows} margin={{ top: 8, right: 12, bottom: 4, left: 0 }}>
          <CartesianGrid {...GRID} />
          <XAxis dataKey="step" type="number" domain={["dataMin", "dataMax"]} {...AXIS} />
          <YAxis width={48} {...AXIS} domain={[0, "auto"]} />
          <Tooltip {...TOOLTIP} />
          <Legend iconType="plainline" wrapperStyle={{ fontSize: 12 }} />
          {(["first", "second"] as const).map((name, index) => (
            <Line
              key={name}
              dataKey={name}
              name={t(`compare.${name}`)}
              dot={false}
              isAnimationActive={false}
              connectNulls
              stroke={SERIES_COLOURS[index] ?? "currentColor"}
              strokeWidth={2}
              {...(index === 1 ? { strokeDasharray: "6 4" } : {})}
            />
          ))}
        </LineChart>
      </ResponsiveContainer>
    </ChartCard>
  );
}
