import { useTranslation } from "react-i18next";
import { CartesianGrid, Legend, ReferenceLine, ResponsiveContainer, Scatter, ScatterChart, Tooltip, XAxis, YAxis, ZAxis } from "recharts";

import type { Reader, Sex } from "../../api/types";
import { useFormat } from "../../i18n/format";
import { ChartCard } from "../../panels/ChartCard";
import { AXIS, GRID, TOOLTIP } from "../../panels/chartLook";

/** An axis from -reach to reach that holds `furthest`, with ticks at half, whole or several years. */
export function monthsAxis(furthest: number): { reach: number; ticks: number[] } {
  const step = [6, 12, 24, 48].find((months) => furthest <= 3 * months) ?? 96;
  const steps = Math.max(1, Math.ceil(furthest / step));
  return { reach: steps * step, ticks: Array.from({ length: 2 * steps + 1 }, (_, i) => (i - steps) * step) };
}

/** Differences over means, in months over years. Points carry no film. */
export default function ReaderAltman({ reader }: { reader: Reader }) {
  const { t } = useTranslation("readers");
  const { t: common } = useTranslation();
  const { number, signed } = useFormat();
  const measures = reader.overall.measures;
  if (!measures) return null;
  const lines = [measures.bias.value, measures.lower.value, measures.upper.value];
  const [, lower, upper] = lines;
  const furthest = [...reader.points.map((point) => point.difference_months), lower ?? 0, upper ?? 0];
  const { reach, ticks } = monthsAxis(Math.max(...furthest.map(Math.abs)));
  const points = (sex: Sex) =>
    reader.points.filter((point) => point.sex === sex).map((point) => ({ x: point.mean_months / 12, y: point.difference_months }));
  return (
    <ChartCard
      title={t("altman.title", { name: reader.reader.display_name })}
      intro={t("altman.intro", { lower: signed(lower ?? 0), upper: signed(upper ?? 0) })}
      columns={[t("altman.mean"), t("altman.difference"), t("altman.sex")]}
      rows={() => reader.points.map((point) => [
        number(point.mean_months / 12, 2),
        signed(point.difference_months),
        common(`sex.${point.sex}`),
      ])}
    >
      <ResponsiveContainer width="100%" height={260}>
        <ScatterChart margin={{ top: 8, right: 12, bottom: 14, left: 0 }}>
          <CartesianGrid {...GRID} />
          <XAxis
            dataKey="x"
            name={t("altman.mean")}
            type="number"
            domain={["auto", "auto"]}
            {...AXIS}
            label={{ value: t("altman.mean"), position: "insideBottom", offset: -8, fontSize: 11, fill: "var(--mantine-color-dimmed)" }}
          />
          <YAxis dataKey="y" name={t("altman.difference")} type="number" domain={[-reach, reach]} ticks={ticks} width={40} {...AXIS} />
          <ZAxis range={[22, 22]} />
          <Tooltip {...TOOLTIP} formatter={(value) => (typeof value === "number" ? number(value, 1) : value)} />
          <Legend iconType="circle" iconSize={9} verticalAlign="top" align="right" wrapperStyle={{ fontSize: 12 }} />
          {lines.map(
            (months, index) =>
              months !== null && (
                <ReferenceLine
                  key={index}
                  y={months}
                  stroke="var(--mantine-color-text)"
                  strokeOpacity={0.6}
                  {...(index > 0 ? { strokeDasharray: "5 4" } : {})}
                  label={{ value: signed(months), position: "insideTopRight", fontSize: 11, fill: "var(--mantine-color-dimmed)" }}
                />
              ),
          )}
          <Scatter name={common("sex.F")} data={points("F")} fill="var(--female)" fillOpacity={0.55} isAnimationActive={false} />
          <Scatter name={common("sex.M")} data={points("M")} fill="var(--male)" fillOpacity={0.55} shape="diamond" isAnimationActive={false} />
        </ScatterChart>
      </ResponsiveContainer>
    </ChartCard>
  );
}
