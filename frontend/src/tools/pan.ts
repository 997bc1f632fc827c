import type { ScreenPoint } from "../core/points";
import { on, over, type Gesture } from "./gesture";

/** Moves the film under the pointer. */
export function pan(from: ScreenPoint): Gesture {
  return {
    name: "pan",
    move: (fact) => on(pan(fact.screen), { kind: "pan", dx: fact.screen.x - from.x, dy: fact.screen.y - from.y }),
    up: () => over(),
    cancel: () => over(),
  };
}
