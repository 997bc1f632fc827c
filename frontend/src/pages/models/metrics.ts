import type { ModelVersion } from "../../api/types";

/** The mean absolute error that a manifest states, in months; null where it states none. */
export function maeMonths(model: ModelVersion): number | null {
  return findNumber(model.metrics, "mae_months");
}

/** Depth first, so that a measure is found whether it stands at the top or under a split's name. */
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
