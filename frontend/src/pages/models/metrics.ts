import type { ModelVersion } from "../../api/types";

export interface StatedError {
  months: number;
  /** From films held out in turn while fitting, not from a test part. */
  crossValidated: boolean;
}

/** The mean absolute error that a manifest states; null where it states none. One of a test part comes first. */
export function statedError(model: ModelVersion): StatedError | null {
  const tested = findNumber(model.metrics, "mae_months");
  if (tested !== null) return { months: tested, crossValidated: false };
  const fitted = findNumber(model.metrics, "cross_validated_mae_months");
  return fitted === null ? null : { months: fitted, crossValidated: true };
}

/** At the top, or under a part's name. */
function findNumber(value: unknown, name: string): number | null {
  if (value === null || typeof value !== "object") return null;
  const record = value as Record<string, unknown>;
  const own = record[name];
  if (typeof own === "number") return own;
  for (const child of Object.values(record)) {
    const found = findNumber(child, name);
    if (found !== null) return found;
  }
  return null;
}
