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
