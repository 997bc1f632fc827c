import type { Edit } from "../../core/changes";
import type { Chord } from "../../core/keymap";
import type { RegionId } from "../../core/regions";

const ARROWS = {
  arrowleft: [-1, 0, "left"],
  arrowright: [1, 0, "right"],
  arrowup: [0, -1, "top"],
  arrowdown: [0, 1, "bottom"],
} as const;

/**
 * An arrow moves the box in hand by 1 pixel of the picture, with Shift by 10; with Alt it moves that edge outwards, with
 * Alt and Shift inwards.
 */
export function moveEdit(chord: Chord, region: RegionId): Edit | null {
  const parts = chord.split("+");
  const arrow = ARROWS[parts.at(-1) as keyof typeof ARROWS];
  if (!arrow || parts.includes("ctrl")) return null;
  const [dx, dy, edge] = arrow;
  const shift = parts.includes("shift");
  if (parts.includes("alt")) return { kind: "nudgeEdge", region, edge, outwardsPx: shift ? -1 : 1 };
  const step = shift ? 10 : 1;
  return { kind: "nudge", region, dx: dx * step, dy: dy * step };
}
