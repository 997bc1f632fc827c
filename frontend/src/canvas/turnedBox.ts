import type { Box } from "../core/boxes";
import type { Affine } from "../core/viewport";

/** A box after quarter turns and mirror: again a box. */
export function turnedBox(box: Box, m: Affine): Box {
  const [ax, ay] = turnedPoint(box.x0, box.y0, m);
  const [bx, by] = turnedPoint(box.x1, box.y1, m);
  return { x0: Math.min(ax, bx), y0: Math.min(ay, by), x1: Math.max(ax, bx), y1: Math.max(ay, by) };
}

export const turnedPoint = (x: number, y: number, m: Affine): [number, number] => [
  m.a * x + m.c * y + m.e,
  m.b * x + m.d * y + m.f,
];
