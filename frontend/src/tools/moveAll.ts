import { on, over, type Gesture, type PointerFact } from "./gesture";

/** Moves all boxes together: the layout fits, only its place does not. */
export function moveAll(start: PointerFact): Gesture {
  const by = (fact: PointerFact) => ({ dx: fact.image.x - start.image.x, dy: fact.image.y - start.image.y });
  const self: Gesture = {
    name: "moveAll",
    move: (fact) => on(self, { kind: "previewAll", ...by(fact) }),
    up: (fact) => over({ kind: "endPreview" }, { kind: "moveAll", ...by(fact) }),
    cancel: () => over({ kind: "endPreview" }),
  };
  return self;
}
