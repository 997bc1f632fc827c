import type { GreyWindow } from "../core/window";
import { on, over, type Gesture, type PointerFact } from "./gesture";

/** Right-drag, or a drag with L held: right widens the window, down makes the film brighter. */
export function windowLevel(start: PointerFact, window: GreyWindow): Gesture {
  const self: Gesture = {
    name: "window",
    move: (fact) =>
      on(self, {
        kind: "window",
        start: window,
        dx: fact.screen.x - start.screen.x,
        dy: fact.screen.y - start.screen.y,
      }),
    up: () => over(),
    cancel: () => over(),
  };
  return self;
}
