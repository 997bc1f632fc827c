import { boxBetween, isLargeEnough, type Box, type BoxId } from "../core/boxes";
import { on, over, type Gesture, type PointerFact, type Scene } from "./gesture";

/** Drags out a box: that of the armed region, unless the scene knows better from where it lies. */
export function draw(start: PointerFact, armed: BoxId): Gesture {
  const named = (box: Box, scene: Scene): BoxId => scene.drawnAs?.(box) ?? armed;
  const self: Gesture = {
    name: "draw",
    move(fact, scene) {
      const box = boxBetween(start.image, fact.image);
      return on(self, { kind: "preview", region: named(box, scene), box, drawn: true });
    },
    up(fact, scene) {
      const box = boxBetween(start.image, fact.image);
      return isLargeEnough(box) ? over({ kind: "endPreview" }, { kind: "draw", region: named(box, scene), box }) : self.cancel();
    },
    cancel: () => over({ kind: "endPreview" }),
  };
  return self;
}
