import { useTranslation } from "react-i18next";
import { ReferenceLine } from "recharts";

import type { EvaluationReport } from "../../api/types";
import { ChartCard } from "../../panels/ChartCard";
import { useCaseTable } from "./caseTable";
import { agreementPoints } from "./points";
import { PointsChart } from "./PointsChart";

const FULL: [number, number] = [0, 20];

/** The model's age over the truth; on the line they are the same. */
export default function AgreementScatter({ report }: { report: EvaluationReport }) {
  const { t } = useTranslation("evaluate");
  const table = useCaseTable(report.cases);
  return (
    <ChartCard title={t("scatter.title")} intro={t("scatter.intro")} columns={table.columns} rows={table.rows}>
      <PointsChart
        female={agreementPoints(report.cases, "F")}
        male={agreementPoints(report.cases, "M")}
        xLabel={t("scatter.truth")}
        xDomain={FULL}
        yDomain={FULL}
      >
        <ReferenceLine
          segment={[
            { x: FULL[0], y: FULL[0] },
            { x: FULL[1], y: FULL[1] },
          ]}
          stroke="var(--mantine-color-text)"
          strokeOpacity={0.5}
        />
      </PointsChart>
    </ChartCard>
  );
}
