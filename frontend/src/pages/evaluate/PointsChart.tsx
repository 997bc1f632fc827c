import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import {
  CartesianGrid,
  Legend,
  ResponsiveContainer,
  Scatter,
  ScatterChart,
  Tooltip,
  XAxis,
  YAxis,
  ZAxis,
  type TooltipContentProps,
} from "recharts";
import { useNavigate } from "react-router";

import type { EvaluationCase } from "../../api/types";
import { useFormat } from "../../i18n/format";
import { AXIS, GRID } from "../../panels/chartLook";
import type { Point } from "./points";

/** Points of girls and boys; a click on a point that is a study opens it. */
export function PointsChart({
  female,
  male,
  xLabel,
  yDomain,
  xDomain,
  children,
}: {
  female: Point[];
  male: Point[];
  xLabel: string;
  yDomain: [number | "auto", number | "auto"];
  xDomain: [number | "auto", number | "auto"];
  children: ReactNode;
}) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const open = (point: { payload?: Point }) => {
    const study = point.payload?.case.study;
    if (study) void navigate(`/studies/${study}`);
  };
  return (
    <ResponsiveContainer width="100%" height={250}>
      <ScatterChart margin={{ top: 8, right: 12, bottom: 14, left: 0 }}>
        <CartesianGrid {...GRID} />
        <XAxis
          dataKey="x"
          type="number"
          domain={xDomain}
          {...AXIS}
          label={{ value: xLabel, position: "insideBottom", offset: -8, fontSize: 11, fill: "var(--mantine-color-dimmed)" }}
        />
        <YAxis dataKey="y" type="number" domain={yDomain} width={40} {...AXIS} />
        <ZAxis range={[22, 22]} />
        <Tooltip content={CaseTip} isAnimationActive={false} />
        <Legend iconType="circle" iconSize={9} verticalAlign="top" align="right" wrapperStyle={{ fontSize: 12 }} />
        {children}
        <Scatter name={t("sex.F")} data={female} fill="var(--female)" fillOpacity={0.55} isAnimationActive={false} onClick={open} />
        <Scatter name={t("sex.M")} data={male} fill="var(--male)" fillOpacity={0.55} shape="diamond" isAnimationActive={false} onClick={open} />
      </ScatterChart>
    </ResponsiveContainer>
  );
}

function CaseTip({ active, payload }: TooltipContentProps) {
  const point = payload?.[0]?.payload as Point | undefined;
  if (!active || !point) return null;
  return (
    <div className="card" style={{ padding: "8px 12px", fontSize: 12 }}>
      <CaseLines one={point.case} />
    </div>
  );
}

function CaseLines({ one }: { one: EvaluationCase }) {
  const { t } = useTranslation("evaluate");
  const { age, ageDifference } = useFormat();
  return (
    <>
      <div>{t("case.truth", { age: age(one.truth_months) })}</div>
      <div>{t("case.model", { age: age(one.predicted_months) })}</div>
      <b>{ageDifference(one.predicted_months - one.truth_months)}</b>
    </>
  );
}
