import { useTranslation } from "react-i18next";

import type { Measure, ReaderMeasures } from "../../api/types";
import { useFormat } from "../../i18n/format";

/** A value with its interval beneath; a dash where it is not defined. */
export function MeasureCell({ measure, signed = false, digits = 1 }: { measure: Measure; signed?: boolean; digits?: number }) {
  const format = useFormat();
  const show = (value: number) => (signed ? format.signed(value, digits) : format.number(value, digits));
  return (
    <td className="number">
      {measure.value === null ? "–" : show(measure.value)}
      {measure.interval && measure.value !== null && (
        <small className="interval">
          {show(measure.interval[0] ?? 0)} – {show(measure.interval[1] ?? 0)}
        </small>
      )}
    </td>
  );
}

export function LimitsCell({ lower, upper }: { lower: Measure; upper: Measure }) {
  const { signed } = useFormat();
  const span = (ends: readonly number[]) => ends.map((end) => signed(end)).join(" – ");
  if (lower.value === null || upper.value === null) return <td className="number">–</td>;
  return (
    <td className="number">
      {span([lower.value, upper.value])}
      {lower.interval && upper.interval && (
        <small className="interval">
          {span(lower.interval)} · {span(upper.interval)}
        </small>
      )}
    </td>
  );
}

/** n and all measures of one group; one quiet sentence where there are too few films. */
export function MeasureCells({ n, measures, fewest }: { n: number; measures: ReaderMeasures | null; fewest: number }) {
  const { t } = useTranslation("readers");
  const { number } = useFormat();
  return (
    <>
      <td className="number">{number(n)}</td>
      {measures === null ? (
        <td colSpan={7} className="few">
          {t("few", { fewest })}
        </td>
      ) : (
        <>
          <MeasureCell measure={measures.bias} signed />
          <MeasureCell measure={measures.mae} />
          <MeasureCell measure={measures.sd} />
          <LimitsCell lower={measures.lower} upper={measures.upper} />
          <MeasureCell measure={measures.icc_2_1} digits={3} />
          <MeasureCell measure={measures.ccc} digits={3} />
          <MeasureCell measure={measures.kappa} digits={2} />
        </>
      )}
    </>
  );
}

export function MeasureHeads() {
  const { t } = useTranslation("readers");
  return (
    <>
      {(["n", "bias", "mae", "sd", "limits", "icc", "ccc", "kappa"] as const).map((name) => (
        <th key={name} scope="col" className="number">
          {t(`table.${name}`)}
        </th>
      ))}
    </>
  );
}
