import { useTranslation } from "react-i18next";
import { CartesianGrid, ErrorBar, Line, LineChart, ReferenceLine, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";

import type { Reader } from "../../api/types";
import { useFormat } from "../../i18n/format";
import { ChartCard } from "../../panels/ChartCard";
import { AXIS, GRID, SERIES_COLOURS, TOOLTIP } from "../../panels/chartLook";

/** Whether somebody slowly reads older or younger: the bias of block after block, with its interval. */
export default function Drift({ reader, block }: { reader: Reader; block: number }) {
  const { t } = useTranslation("readers");
  const { signed, date, number } = useFormat();
  const steps = reader.drift.map((step) => {
    const bias = step.bias.value ?? 0;
    const [low = bias, high = bias] = step.bias.interval ?? [];
    const first = (step.block - 1) * block + 1;
    return { ...step, name: `${first}–${first + step.n - 1}`, value: bias, whisker: [bias - low, high - bias], low, high };
  });
  return (
    <ChartCard
      title={t("drift.title", { name: reader.reader.display_name })}
      intro={t("drift.intro", { block })}
      columns={[t("drift.block"), t("drift.dates"), t("table.n"), t("drift.bias"), t("table.mae")]}
      rows={() => steps.map((step) => [
        step.name,
        `${date(step.from)} – ${date(step.to)}`,
        number(step.n),
        `${signed(step.value)} (${signed(step.low)} – ${signed(step.high)})`,
        step.mae.value === null ? "–" : number(step.mae.value, 1),
      ])}
    >
      <ResponsiveContainer width="100%" height={260}>
        <LineChart data={steps} margin={{ top: 8, right: 16, bottom: 4, left: 0 }}>
          <CartesianGrid {...GRID} />
          <XAxis dataKey="name" {...AXIS} padding={{ left: 24, right: 24 }} />
          <YAxis width={44} {...AXIS} domain={["auto", "auto"]} />
          <Tooltip {...TOOLTIP} formatter={(value) => (typeof value === "number" ? signed(value) : value)} />
          <ReferenceLine y={0} stroke="var(--mantine-color-text)" strokeOpacity={0.6} />
          <Line dataKey="value" name={t("drift.bias")} stroke={SERIES_COLOURS[0]} strokeWidth={1.8} dot isAnimationActive={false}>
            <ErrorBar dataKey="whisker" width={5} stroke={SERIES_COLOURS[0]} isAnimationActive={false} />
          </Line>
        </LineChart>
      </ResponsiveContainer>
    </ChartCard>
  );
}
