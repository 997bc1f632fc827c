import type { FilmLook } from "../core/filmStore";
import { imageToScreenMatrix } from "../core/viewport";
import { lookupTable, type GreyWindow } from "../core/window";
import { ROOM, type FilmPixels, type FilmRenderer } from "./renderer";

/** Without WebGL2: a lookup table over all pixels when the window changes, an ordinary picture in between. */
export function createCanvasRenderer(canvas: HTMLCanvasElement, pixels: FilmPixels): FilmRenderer {
  const picture = document.createElement("canvas");
  picture.width = pixels.columns;
  picture.height = pixels.rows;
  let painted: { window: GreyWindow; inverted: boolean } | null = null;

  function repaint(window: GreyWindow, inverted: boolean): void {
    if (painted && painted.window === window && painted.inverted === inverted) return;
    const context = picture.getContext("2d");
    if (!context) return;
    const image = context.createImageData(pixels.columns, pixels.rows);
    const table = lookupTable(window, inverted);
    const target = new Uint32Array(image.data.buffer);
    for (let i = 0; i < pixels.values.length; i++) {
      const shade = table[pixels.values[i] as number] as number;
      target[i] = 0xff000000 | (shade << 16) | (shade << 8) | shade;
    }
    context.putImageData(image, 0, 0);
    painted = { window, inverted };
  }

  return {
    kind: "canvas2d",
    draw(look: FilmLook, pixelRatio: number) {
      const context = canvas.getContext("2d", { alpha: false });
      if (!context) return;
      repaint(look.window, look.inverted);
      const m = imageToScreenMatrix(look.image, look.orientation, look.viewport);
      const r = pixelRatio;
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.fillStyle = `rgb(${ROOM.join(" ")})`;
      context.fillRect(0, 0, canvas.width, canvas.height);
      context.imageSmoothingEnabled = !(look.sharp && look.viewport.scale * r > 1);
      context.imageSmoothingQuality = "high";
      context.setTransform(m.a * r, m.b * r, m.c * r, m.d * r, m.e * r, m.f * r);
      context.drawImage(picture, 0, 0);
    },
    dispose() {
      picture.width = 0;
    },
  };
}
