import { useTranslation } from "react-i18next";

import type { EvaluationCase } from "../../api/types";
import { useFormat } from "../../i18n/format";

/** The cases behind a plot, as a table in months. */
export function useCaseTable(cases: readonly EvaluationCase[]): { columns: string[]; rows: string[][] } {
  const { t } = useTranslation("evaluate");
  const { t: common } = useTranslation();
  const { number, signed } = useFormat();
  return {
    columns: [t("case.sex"), t("case.truthMonths"), t("case.modelMonths"), t("case.differenceMonths")],
    rows: cases.map((one) => [
      common(`sex.${one.sex}`),
      number(one.truth_months, 1),
      number(one.predicted_months, 1),
      signed(one.predicted_months - one.truth_months, 1),
    ]),
  };
}
