import type { FilmLook } from "../core/filmStore";
import { createCanvasRenderer } from "./canvasRenderer";
import { createWebGlRenderer } from "./webGlRenderer";

/** 16-bit grey values, row by row. */
export interface FilmPixels {
  readonly values: Uint16Array;
  readonly rows: number;
  readonly columns: number;
}

export interface FilmRenderer {
  readonly kind: "webgl2" | "canvas2d";
  /** Draws into a canvas whose backing store is `pixelRatio` times the look's view. */
  draw(look: FilmLook, pixelRatio: number): void;
  dispose(): void;
}

/** Colour of the room round the film: near black, never pure, so that the film's edge can be seen. */
export const ROOM: readonly [number, number, number] = [5, 6, 7];

/**
 * WebGL2 where there is one that takes the film's size, else a 2D canvas. A canvas that has once given a WebGL context
 * never gives a 2D one, so WebGL is tried on a canvas of its own first.
 */
export function createRenderer(canvas: HTMLCanvasElement, pixels: FilmPixels): FilmRenderer {
  return createWebGlRenderer(canvas, pixels) ?? createCanvasRenderer(canvas, pixels);
}
