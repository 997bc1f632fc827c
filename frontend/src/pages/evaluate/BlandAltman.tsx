import { useTranslation } from "react-i18next";
import { ReferenceLine } from "recharts";

import type { EvaluationReport } from "../../api/types";
import { useFormat } from "../../i18n/format";
import { ChartCard } from "../../panels/ChartCard";
import { useCaseTable } from "./caseTable";
import { differencePoints, reachYears } from "./points";
import { PointsChart } from "./PointsChart";

export default function BlandAltman({ report }: { report: EvaluationReport }) {
  const { t } = useTranslation("evaluate");
  const { signed } = useFormat();
  const table = useCaseTable(report.cases);
  const limits = report.bland_altman;
  if (!limits) return null;
  const { bias, lower, upper, slope } = limits;
  const reach = reachYears(report.cases, [lower, upper]);
  const lines = [
    [bias, undefined],
    [lower, "5 4"],
    [upper, "5 4"],
  ] as const;
  return (
    <ChartCard
      title={t("blandAltman.title")}
      intro={t("blandAltman.intro", {
        lower: signed(lower / 12, 2),
        upper: signed(upper / 12, 2),
        slope: slope === null ? "–" : signed(slope, 2),
      })}
      columns={table.columns}
      rows={table.rows}
    >
      <PointsChart
        female={differencePoints(report.cases, "F")}
        male={differencePoints(report.cases, "M")}
        xLabel={t("blandAltman.mean")}
        xDomain={["auto", "auto"]}
        yDomain={[-reach, reach]}
      >
        {lines.map(([months, dash], index) => (
          <ReferenceLine
            key={index}
            y={months / 12}
            stroke="var(--mantine-color-text)"
            strokeOpacity={0.6}
            {...(dash ? { strokeDasharray: dash } : {})}
            label={{ value: signed(months / 12, 2), position: "insideTopRight", fontSize: 11, fill: "var(--mantine-color-dimmed)" }}
          />
        ))}
      </PointsChart>
    </ChartCard>
  );
}
