import { moved, type Box, type BoxId } from "../core/boxes";
import { on, over, type Gesture, type PointerFact } from "./gesture";

/** Moves one box as it is. */
export function moveBox(start: PointerFact, region: BoxId, box: Box): Gesture {
  const at = (fact: PointerFact) => moved(box, fact.image.x - start.image.x, fact.image.y - start.image.y);
  const self: Gesture = {
    name: "move",
    move: (fact) => on(self, { kind: "preview", region, box: at(fact) }),
    up: (fact) => over({ kind: "endPreview" }, { kind: "draw", region, box: at(fact) }),
    cancel: () => over({ kind: "endPreview" }),
  };
  return self;
}
