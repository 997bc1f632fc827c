/** A region's rectangle in image pixels, half open, `x0 < x1` and `y0 < y1`; it may run past the frame. */
import type { ImagePoint } from "./points";

export interface Box {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

/** Which box of a film: a region's id while labelling, any other name elsewhere. */
export type BoxId = string;

/** The eight places where a box can be taken hold of, by compass (north is up in the picture as stored). */
export const HANDLES = ["nw", "n", "ne", "e", "se", "s", "sw", "w"] as const;
export type Handle = (typeof HANDLES)[number];

export type Edge = "left" | "right" | "top" | "bottom";

/** No finished box is thinner than this, in image pixels: a slip of the hand is not a region. */
export const SMALLEST_SIDE_PX = 2;

export const width = (box: Box): number => box.x1 - box.x0;
export const height = (box: Box): number => box.y1 - box.y0;
export const area = (box: Box): number => Math.max(0, width(box)) * Math.max(0, height(box));
export const centre = (box: Box): { x: number; y: number; } => ({ x: (box.x0 + box.x1) / 2, y: (box.y0 + box.y1) / 2 });

export const isValid = (box: Box): boolean =>
  [box.x0, box.y0, box.x1, box.y1].every(Number.isFinite) && box.x0 < box.x1 && box.y0 < box.y1;

export const isLargeEnough = (box: Box): boolean =>
  isValid(box) && width(box) >= SMALLEST_SIDE_PX && height(box) >= SMALLEST_SIDE_PX;

export const boxBetween = (a: ImagePoint, b: ImagePoint): Box => ({
  x0: Math.min(a.x, b.x),
  y0: Math.min(a.y, b.y),
  x1: Math.max(a.x, b.x),
  y1: Math.max(a.y, b.y),
});

export const moved = (box: Box, dx: number, dy: number): Box => ({
  x0: box.x0 + dx,
  y0: box.y0 + dy,
  x1: box.x1 + dx,
  y1: box.y1 + dy,
});

/** The box with one handle dragged by (dx, dy). Dragging past the opposite side turns the box over, never inside out. */
export function resized(box: Box, handle: Handle, dx: number, dy: number): Box {
  const x0 = handle.includes("w") ? box.x0 + dx : box.x0;
  const x1 = handle.includes("e") ? box.x1 + dx : box.x1;
  const y0 = handle.includes("n") ? box.y0 + dy : box.y0;
  const y1 = handle.includes("s") ? box.y1 + dy : box.y1;
  return { x0: Math.min(x0, x1), y0: Math.min(y0, y1), x1: Math.max(x0, x1), y1: Math.max(y0, y1) };
}

/** The box with one edge moved outwards by so many pixels (negative: inwards), never thinner than the smallest side. */
export function edgeMoved(box: Box, edge: Edge, outwardsPx: number): Box {
  switch (edge) {
    case "left":
      return { ...box, x0: Math.min(box.x0 - outwardsPx, box.x1 - SMALLEST_SIDE_PX) };
    case "right":
      return { ...box, x1: Math.max(box.x1 + outwardsPx, box.x0 + SMALLEST_SIDE_PX) };
    case "top":
      return { ...box, y0: Math.min(box.y0 - outwardsPx, box.y1 - SMALLEST_SIDE_PX) };
    case "bottom":
      return { ...box, y1: Math.max(box.y1 + outwardsPx, box.y0 + SMALLEST_SIDE_PX) };
  }
}

/** Intersection over union, 0 to 1. */
export function iou(a: Box, b: Box): number {
  const w = Math.min(a.x1, b.x1) - Math.max(a.x0, b.x0);
  const h = Math.min(a.y1, b.y1) - Math.max(a.y0, b.y0);
  if (w <= 0 || h <= 0) return 0;
  return (w * h) / (area(a) + area(b) - w * h);
}

export const handlePoint = (box: Box, handle: Handle): { x: number; y: number; } => ({
  x: handle.includes("w") ? box.x0 : handle.includes("e") ? box.x1 : (box.x0 + box.x1) / 2,
  y: handle.includes("n") ? box.y0 : handle.includes("s") ? box.y1 : (box.y0 + box.y1) / 2,
});
