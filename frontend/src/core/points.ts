/**
 * Points that cannot be mixed up: a screen point is in CSS pixels from the top-left corner of the film view, an image
 * point in float pixels of the picture as stored (origin at the outer corner of the top-left pixel, y down).
 */
declare const space: unique symbol;

export interface ScreenPoint {
  readonly x: number;
  readonly y: number;
  readonly [space]: "screen";
}

export interface ImagePoint {
  readonly x: number;
  readonly y: number;
  readonly [space]: "image";
}

export const screenPoint = (x: number, y: number): ScreenPoint => ({ x, y }) as ScreenPoint;

export const imagePoint = (x: number, y: number): ImagePoint => ({ x, y }) as ImagePoint;

export const distance = <P extends { x: number; y: number; }>(a: P, b: P): number => Math.hypot(a.x - b.x, a.y - b.y);
