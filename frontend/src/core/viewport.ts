/**
 * How the film lies in the view. Orientation (quarter turns, mirror) and viewport (scale, offset) are view state only:
 * boxes are always kept in image pixels.
 *
 * "Turned" space is image space after the orientation, with its top-left corner at (0, 0) again; the SVG overlay's
 * viewBox is a window in turned space, so one unit is one image pixel.
 */
import type { Box } from "./boxes";
import { imagePoint, screenPoint, type ImagePoint, type ScreenPoint } from "./points";

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Orientation {
  /** Quarter turns clockwise, 0 to 3, applied after the mirror. */
  readonly quarterTurns: 0 | 1 | 2 | 3;
  /** Mirrored left to right before turning. */
  readonly mirrored: boolean;
}

export interface Viewport {
  /** CSS pixels per image pixel. */
  readonly scale: number;
  /** Turned-space point at the view's top-left corner. */
  readonly left: number;
  readonly top: number;
}

/** x' = a x + c y + e, y' = b x + d y + f, as in SVG and CSS. */
export interface Affine {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  readonly e: number;
  readonly f: number;
}

export const AS_STORED: Orientation = { quarterTurns: 0, mirrored: false };
export const LARGEST_SCALE = 40;
/** Free space round a fitted film, as a share of the view. */
const FIT_MARGIN = 0.02;

export const turnedSize = (image: Size, { quarterTurns }: Orientation): Size =>
  quarterTurns % 2 === 0 ? image : { width: image.height, height: image.width };

/** Image pixels to turned pixels. */
export function orientationMatrix(image: Size, { quarterTurns, mirrored }: Orientation): Affine {
  const { width: w, height: h } = image;
  const m = mirrored ? -1 : 1;
  const shift = mirrored ? w : 0;
  switch (quarterTurns) {
    case 0:
      return { a: m, b: 0, c: 0, d: 1, e: shift, f: 0 };
    case 1:
      return { a: 0, b: m, c: -1, d: 0, e: h, f: shift };
    case 2:
      return { a: -m, b: 0, c: 0, d: -1, e: w - shift, f: h };
    case 3:
      return { a: 0, b: -m, c: 1, d: 0, e: 0, f: w - shift };
  }
}

/** Image pixels to CSS pixels of the view. */
export function imageToScreenMatrix(image: Size, orientation: Orientation, view: Viewport): Affine {
  const o = orientationMatrix(image, orientation);
  const s = view.scale;
  return { a: o.a * s, b: o.b * s, c: o.c * s, d: o.d * s, e: (o.e - view.left) * s, f: (o.f - view.top) * s };
}

export function inverse(m: Affine): Affine {
  const det = m.a * m.d - m.b * m.c;
  return {
    a: m.d / det,
    b: -m.b / det,
    c: -m.c / det,
    d: m.a / det,
    e: (m.c * m.f - m.d * m.e) / det,
    f: (m.b * m.e - m.a * m.f) / det,
  };
}

const apply = (m: Affine, x: number, y: number): [number, number] => [m.a * x + m.c * y + m.e, m.b * x + m.d * y + m.f];

export function toImage(point: ScreenPoint, image: Size, orientation: Orientation, view: Viewport): ImagePoint {
  const [x, y] = apply(inverse(imageToScreenMatrix(image, orientation, view)), point.x, point.y);
  return imagePoint(x, y);
}

export function toScreen(point: ImagePoint, image: Size, orientation: Orientation, view: Viewport): ScreenPoint {
  const [x, y] = apply(imageToScreenMatrix(image, orientation, view), point.x, point.y);
  return screenPoint(x, y);
}

export function fitted(image: Size, orientation: Orientation, view: Size): Viewport {
  const turned = turnedSize(image, orientation);
  const scale = Math.max(1e-6, Math.min(view.width / turned.width, view.height / turned.height) * (1 - 2 * FIT_MARGIN));
  return centredOn(turned.width / 2, turned.height / 2, scale, view);
}

const centredOn = (x: number, y: number, scale: number, view: Size): Viewport => ({
  scale,
  left: x - view.width / scale / 2,
  top: y - view.height / scale / 2,
});

/** Zoomed by a factor, the picture staying put under the given point. Never below a quarter of the fitted size. */
export function zoomedAbout(point: ScreenPoint, factor: number, current: Viewport, smallestScale: number): Viewport {
  const scale = Math.min(LARGEST_SCALE, Math.max(smallestScale, current.scale * factor));
  return {
    scale,
    left: current.left + point.x / current.scale - point.x / scale,
    top: current.top + point.y / current.scale - point.y / scale,
  };
}

export const panned = (current: Viewport, dxScreen: number, dyScreen: number): Viewport => ({
  ...current,
  left: current.left - dxScreen / current.scale,
  top: current.top - dyScreen / current.scale,
});

/** So that a box with free space round it (three times its size) fills the view. */
export function zoomedToBox(box: Box, image: Size, orientation: Orientation, view: Size): Viewport {
  const m = orientationMatrix(image, orientation);
  const [ax, ay] = apply(m, box.x0, box.y0);
  const [bx, by] = apply(m, box.x1, box.y1);
  const w = Math.abs(bx - ax);
  const h = Math.abs(by - ay);
  const scale = Math.min(LARGEST_SCALE, view.width / (w * 3), view.height / (h * 3));
  return centredOn((ax + bx) / 2, (ay + by) / 2, scale, view);
}

/** The same picture point stays in the middle when the view changes its size. */
export const resizedView = (current: Viewport, before: Size, after: Size): Viewport =>
  centredOn(current.left + before.width / current.scale / 2, current.top + before.height / current.scale / 2, current.scale, after);

/**
 * An orientation from the server's words for it (`inference/imaging/view.py`), which mean the same: mirrored first, then
 * turned clockwise.
 */
export const orientationOf = (view: { readonly quarter_turns: number; readonly mirrored: boolean }): Orientation => ({
  quarterTurns: (((view.quarter_turns % 4) + 4) % 4) as Orientation["quarterTurns"],
  mirrored: view.mirrored,
});

export const sameOrientation = (a: Orientation, b: Orientation): boolean =>
  a.quarterTurns === b.quarterTurns && a.mirrored === b.mirrored;

/** A direction on the screen (right and down are positive) as a direction in the picture as stored. */
export function imageDirection(dx: number, dy: number, orientation: Orientation): { dx: number; dy: number } {
  // The inverse of a turn and a mirror is its transpose.
  const { a, b, c, d } = orientationMatrix({ width: 0, height: 0 }, orientation);
  return { dx: a * dx + b * dy || 0, dy: c * dx + d * dy || 0 };
}

export const turned = (o: Orientation, by: 1 | -1): Orientation => ({
  ...o,
  quarterTurns: ((o.quarterTurns + by + 4) % 4) as Orientation["quarterTurns"],
});

/** Mirrored as seen on the screen: left becomes right, whatever the turn. */
export const mirrored = (o: Orientation): Orientation => ({
  quarterTurns: ((4 - o.quarterTurns) % 4) as Orientation["quarterTurns"],
  mirrored: !o.mirrored,
});
