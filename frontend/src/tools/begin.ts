import { draw } from "./draw";
import type { Gesture, PointerFact, Scene } from "./gesture";
import { moveAll } from "./moveAll";
import { moveBox } from "./moveBox";
import { pan } from "./pan";
import { press } from "./press";
import { resizeBox } from "./resizeBox";
import { windowLevel } from "./windowLevel";

/**
 * Which gesture a press begins. In this order: window/level; moving the film; drawing in draw mode; the handles and
 * the inside of the box in hand, and the edge of any box; drawing the armed region; moving the film.
 */
export function begin(fact: PointerFact, scene: Scene): Gesture | null {
  if (fact.button === 2 || (fact.button === 0 && scene.windowKey)) return windowLevel(fact, scene.window);
  if (fact.button === 1 || fact.shift) return pan(fact.screen);
  if (fact.button !== 0) return null;
  return press(fact, (now) => dragFor(fact, now));
}

function dragFor(fact: PointerFact, scene: Scene): Gesture {
  if (scene.readOnly) return pan(fact.screen);
  if (fact.ctrl) return moveAll(fact);
  if (scene.drawMode && scene.armed) return draw(fact, scene.armed);
  return grabbed(fact, scene) ?? (scene.armed ? draw(fact, scene.armed) : pan(fact.screen));
}

/**
 * A box that nobody took in hand is no obstacle: a drag in it draws, for regions overlap. Its edge moves it, unless it
 * is a suggestion, over which one draws. A click takes the box in hand.
 */
function grabbed(fact: PointerFact, scene: Scene): Gesture | null {
  const { target } = fact;
  if (target.kind === "film") return null;
  const box = scene.boxOf(target.region);
  if (!box) return null;
  if (target.kind === "handle") return resizeBox(fact, target.region, target.handle, box);
  const taken = target.region === scene.focused && !scene.justDrawn;
  const byEdge = target.part === "edge" && !scene.isSuggested?.(target.region);
  return taken || scene.armed === null || byEdge ? moveBox(fact, target.region, box) : null;
}
