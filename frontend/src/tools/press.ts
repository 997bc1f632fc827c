import { distance } from "../core/points";
import { on, over, type Gesture, type PointerFact, type Scene } from "./gesture";

/** A pointer that moved less than this, in CSS pixels, has clicked. */
const CLICK_PX = 4;
const TOUCH_CLICK_PX = 8;

/** Pressed, and not yet clear whether it will be a click or a drag (which then begins as `drag` says). */
export function press(start: PointerFact, drag: (scene: Scene) => Gesture): Gesture {
  const limit = start.touch ? TOUCH_CLICK_PX : CLICK_PX;
  const self: Gesture = {
    name: "press",
    move(fact, scene) {
      return distance(start.screen, fact.screen) < limit ? on(self) : drag(scene).move(fact, scene);
    },
    up: () =>
      over({ kind: "pick", region: start.target.kind === "film" ? null : start.target.region, at: start.image }),
    cancel: () => over(),
  };
  return self;
}
