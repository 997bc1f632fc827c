import type { CurvePoint } from "../../api/types";

/** Stages in the order in which they came. */
export function phasesOf(points: readonly CurvePoint[]): string[] {
  return [...new Set(points.map((point) => point.phase ?? ""))];
}

/** Names of the numbers other than the step and the learning rate (of another size altogether), the loss first. */
export function measuresOf(points: readonly CurvePoint[]): string[] {
  const names = new Set<string>();
  for (const point of points) {
    for (const [name, value] of Object.entries(point)) {
      if (name !== "step" && name !== "learning_rate" && typeof value === "number") names.add(name);
    }
  }
  return [...names].sort((a, b) => Number(b === "loss") - Number(a === "loss"));
}

export interface PairedPoint {
  step: number;
  first?: number;
  second?: number;
}

/** One measure of two curves in one stage, by step; a step that only one of them has keeps the other empty. */
export function together(
  first: readonly CurvePoint[],
  second: readonly CurvePoint[],
  phase: string,
  measure: string,
): PairedPoint[] {
  const rows = new Map<number, PairedPoint>();
  for (const [name, points] of [["first", first], ["second", second]] as const) {
    for (const point of points) {
      const value = point[measure];
      if ((point.phase ?? "") !== phase || typeof value !== "number") continue;
      rows.set(point.step, { ...(rows.get(point.step) ?? { step: point.step }), [name]: value });
    }
  }
  return [...rows.values()].sort((a, b) => a.step - b.step);
}
