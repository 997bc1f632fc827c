/** The arrow keys, which move what one sees: left is left on the screen, however the film is turned. */
import { edgeMoved, moved, type Box, type Edge } from "./boxes";
import type { Chord } from "./keymap";
import { imageDirection, type Orientation } from "./viewport";

const ARROWS = {
  arrowleft: [-1, 0],
  arrowright: [1, 0],
  arrowup: [0, -1],
  arrowdown: [0, 1],
} as const;

export type BoxMove =
  | { readonly kind: "nudge"; readonly dx: number; readonly dy: number }
  | { readonly kind: "nudgeEdge"; readonly edge: Edge; readonly outwardsPx: number };

/**
 * An arrow moves the box in hand by 1 pixel of the picture, with Shift by 10; with Alt it moves that edge outwards, with
 * Alt and Shift inwards.
 */
export function boxMove(chord: Chord, orientation: Orientation): BoxMove | null {
  const parts = chord.split("+");
  const arrow = ARROWS[parts.at(-1) as keyof typeof ARROWS];
  if (!arrow || parts.includes("ctrl")) return null;
  const { dx, dy } = imageDirection(arrow[0], arrow[1], orientation);
  const shift = parts.includes("shift");
  if (parts.includes("alt")) return { kind: "nudgeEdge", edge: edgeTowards(dx, dy), outwardsPx: shift ? -1 : 1 };
  const step = shift ? 10 : 1;
  return { kind: "nudge", dx: dx * step, dy: dy * step };
}

const edgeTowards = (dx: number, dy: number): Edge => (dx < 0 ? "left" : dx > 0 ? "right" : dy < 0 ? "top" : "bottom");

export const afterMove = (box: Box, move: BoxMove): Box =>
  move.kind === "nudge" ? moved(box, move.dx, move.dy) : edgeMoved(box, move.edge, move.outwardsPx);
