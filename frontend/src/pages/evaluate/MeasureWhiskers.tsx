import type { RefObject } from "react";
import { useTranslation } from "react-i18next";

import type { ErrorMeasures } from "../../api/types";
import { useFormat } from "../../i18n/format";
import { Whiskers } from "../../panels/plot/Whiskers";
import { FEW } from "./bands";

/** MAE of groups beside each other, in years with intervals. */
export function MeasureWhiskers({
  rows,
  drawing,
  label,
}: {
  rows: readonly { label: string; measures: ErrorMeasures | null }[];
  drawing: RefObject<SVGSVGElement | null>;
  label: string;
}) {
  const { t } = useTranslation("evaluate");
  const { number } = useFormat();
  return (
    <Whiskers
      ref={drawing}
      label={label}
      xLabel={t("axis.mae")}
      tick={(value) => number(value, 1)}
      count={(n) => `n ${number(n)}`}
      rows={rows.map(({ label: name, measures }) => ({
        label: name,
        n: measures?.n ?? 0,
        value: measures && measures.mae_months / 12,
        interval: measures?.mae_interval_months
          ? [measures.mae_interval_months[0] / 12, measures.mae_interval_months[1] / 12]
          : null,
        few: (measures?.n ?? 0) < FEW,
      }))}
    />
  );
}
