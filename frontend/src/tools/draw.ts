import { boxBetween, isLargeEnough, type BoxId } from "../core/boxes";
import { on, over, type Gesture, type PointerFact } from "./gesture";

/** Drags out the box of a region. */
export function draw(start: PointerFact, region: BoxId): Gesture {
  const self: Gesture = {
    name: "draw",
    move: (fact) => on(self, { kind: "preview", region, box: boxBetween(start.image, fact.image) }),
    up(fact) {
      const box = boxBetween(start.image, fact.image);
      return isLargeEnough(box) ? over({ kind: "endPreview" }, { kind: "draw", region, box }) : self.cancel();
    },
    cancel: () => over({ kind: "endPreview" }),
  };
  return self;
}
