import { isLargeEnough, resized, type Box, type BoxId, type Handle } from "../core/boxes";
import { on, over, type Gesture, type PointerFact } from "./gesture";

/** Drags one of the eight handles. */
export function resizeBox(start: PointerFact, region: BoxId, handle: Handle, box: Box): Gesture {
  const at = (fact: PointerFact) =>
    resized(box, handle, fact.image.x - start.image.x, fact.image.y - start.image.y);
  const self: Gesture = {
    name: "resize",
    move: (fact) => on(self, { kind: "preview", region, box: at(fact) }),
    up: (fact) =>
      isLargeEnough(at(fact)) ? over({ kind: "endPreview" }, { kind: "draw", region, box: at(fact) }) : self.cancel(),
    cancel: () => over({ kind: "endPreview" }),
  };
  return self;
}
