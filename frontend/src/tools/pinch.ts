import { distance, screenPoint, type ScreenPoint } from "../core/points";
import { type Effect } from "./gesture";

export type TwoFingers = readonly [ScreenPoint, ScreenPoint];

const middle = ([a, b]: TwoFingers): ScreenPoint => screenPoint((a.x + b.x) / 2, (a.y + b.y) / 2);

/** Two fingers moved: the film follows their middle and grows with their distance. */
export function pinched(before: TwoFingers, after: TwoFingers): readonly Effect[] {
  const [from, to] = [middle(before), middle(after)];
  const start = distance(before[0], before[1]);
  const factor = start > 0 ? distance(after[0], after[1]) / start : 1;
  return [
    { kind: "pan", dx: to.x - from.x, dy: to.y - from.y },
    { kind: "zoom", factor, about: to },
  ];
}
