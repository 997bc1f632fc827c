import type { EvaluationCase, Sex } from "../../api/types";

export interface Point {
  x: number;
  y: number;
  case: EvaluationCase;
}

/** Model minus truth over their mean, in years: Bland and Altman's plot. */
export function differencePoints(cases: readonly EvaluationCase[], sex: Sex): Point[] {
  return cases
    .filter((one) => one.sex === sex)
    .map((one) => ({
      x: (one.truth_months + one.predicted_months) / 24,
      y: (one.predicted_months - one.truth_months) / 12,
      case: one,
    }));
}

/** How far the axis of differences goes, in whole years, the same up and down: every point and limit lies on it. */
export function reachYears(cases: readonly EvaluationCase[], limitsMonths: readonly number[]): number {
  const differences = cases.map((one) => one.predicted_months - one.truth_months);
  const furthest = [...differences, ...limitsMonths].reduce((most, months) => Math.max(most, Math.abs(months)), 0);
  return Math.max(1, Math.ceil(furthest / 12));
}

/** The model's age over the truth, in years. */
export function agreementPoints(cases: readonly EvaluationCase[], sex: Sex): Point[] {
  return cases
    .filter((one) => one.sex === sex)
    .map((one) => ({ x: one.truth_months / 12, y: one.predicted_months / 12, case: one }));
}

/** The cases that are furthest off, worst first. */
export function largestErrors(cases: readonly EvaluationCase[], count: number): EvaluationCase[] {
  const off = (one: EvaluationCase) => Math.abs(one.predicted_months - one.truth_months);
  return [...cases].sort((a, b) => off(b) - off(a)).slice(0, count);
}
