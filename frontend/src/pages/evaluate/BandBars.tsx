import { useTranslation } from "react-i18next";
import { Bar, BarChart, CartesianGrid, Legend, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";

import type { EvaluationReport } from "../../api/types";
import { useFormat } from "../../i18n/format";
import { ChartCard } from "../../panels/ChartCard";
import { AXIS, GRID, TOOLTIP } from "../../panels/chartLook";
import { bandLabel } from "./bands";

/** The same error as bars, girls beside boys. */
export default function BandBars({ report }: { report: EvaluationReport }) {
  const { t } = useTranslation("evaluate");
  const { t: common } = useTranslation();
  const { number } = useFormat();
  const female = common("sex.F");
  const male = common("sex.M");
  const data = report.table3
    .filter((row) => row.total !== null && row.total.n > 0)
    .map((row) => ({
      band: bandLabel(row),
      [female]: row.female && row.female.mae_months / 12,
      [male]: row.male && row.male.mae_months / 12,
    }));
  const cell = (value: unknown) => (typeof value === "number" ? number(value, 2) : "–");
  return (
    <ChartCard
      title={t("bars.title", { by: t(`bandBy.${report.band_by}`) })}
      intro={t("bars.intro")}
      columns={[t("table3.band"), female, male]}
      rows={data.map((row) => [row.band, cell(row[female]), cell(row[male])])}
    >
      <ResponsiveContainer width="100%" height={250}>
        <BarChart data={data} margin={{ top: 8, right: 8, bottom: 4, left: 0 }} barGap={1}>
          <CartesianGrid {...GRID} vertical={false} />
          <XAxis dataKey="band" {...AXIS} interval="preserveStartEnd" />
          <YAxis width={40} {...AXIS} />
          <Tooltip {...TOOLTIP} formatter={cell} cursor={{ fill: "var(--soft)" }} />
          <Legend iconType="circle" iconSize={9} wrapperStyle={{ fontSize: 12 }} />
          <Bar dataKey={female} fill="var(--female)" isAnimationActive={false} radius={[2, 2, 0, 0]} />
          <Bar dataKey={male} fill="var(--male)" isAnimationActive={false} radius={[2, 2, 0, 0]} />
        </BarChart>
      </ResponsiveContainer>
    </ChartCard>
  );
}
