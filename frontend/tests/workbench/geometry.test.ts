import { describe, expect, it } from "vitest";

import { boxBetween, edgeMoved, iou, isLargeEnough, isValid, moved, resized, HANDLES } from "../../src/core/boxes";
import { imagePoint, screenPoint } from "../../src/core/points";
import {
  fitted,
  mirrored,
  panned,
  toImage,
  toScreen,
  turned,
  AS_STORED,
  zoomedAbout,
  zoomedToBox,
  type Orientation,
} from "../../src/core/viewport";
import { draggedWindow, habitOf, lookupTable, presetWindow, windowFrom, type GreyWindow } from "../../src/core/window";

const IMAGE = { width: 1200, height: 1500 };
const VIEW = { width: 900, height: 700 };
const ORIENTATIONS: Orientation[] = ([0, 1, 2, 3] as const).flatMap((quarterTurns) => [
  { quarterTurns, mirrored: false },
  { quarterTurns, mirrored: true },
]);

/** The same numbers each time, spread over the picture and beyond. */
function numbers(count: number, seed: number): number[] {
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return (state / 2147483648) * 2400 - 600;
  });
}

describe("the viewport", () => {
  it("comes back to the same picture point from the screen, in every orientation and zoom", () => {
    const values = numbers(80, 7);
    for (const orientation of ORIENTATIONS) {
      let view = fitted(IMAGE, orientation, VIEW);
      view = zoomedAbout(screenPoint(123, 456), 3.7, panned(view, 41, -17), 0.01);
      for (let i = 0; i < values.length; i += 2) {
        const point = imagePoint(values[i] as number, values[i + 1] as number);
        const back = toImage(toScreen(point, IMAGE, orientation, view), IMAGE, orientation, view);
        expect(back.x).toBeCloseTo(point.x, 6);
        expect(back.y).toBeCloseTo(point.y, 6);
      }
    }
  });

  it("shows the whole film when fitted", () => {
    for (const orientation of ORIENTATIONS) {
      const view = fitted(IMAGE, orientation, VIEW);
      for (const [x, y] of [[0, 0], [IMAGE.width, 0], [0, IMAGE.height], [IMAGE.width, IMAGE.height]] as const) {
        const at = toScreen(imagePoint(x, y), IMAGE, orientation, view);
        expect(at.x).toBeGreaterThanOrEqual(0);
        expect(at.x).toBeLessThanOrEqual(VIEW.width);
        expect(at.y).toBeGreaterThanOrEqual(0);
        expect(at.y).toBeLessThanOrEqual(VIEW.height);
      }
    }
  });

  it("zooms about the point under the pointer", () => {
    const view = fitted(IMAGE, AS_STORED, VIEW);
    const pointer = screenPoint(321, 222);
    const before = toImage(pointer, IMAGE, AS_STORED, view);
    const after = toImage(pointer, IMAGE, AS_STORED, zoomedAbout(pointer, 2.5, view, 0.01));
    expect(after.x).toBeCloseTo(before.x, 9);
    expect(after.y).toBeCloseTo(before.y, 9);
  });

  it("mirrors what is seen left to right, whatever the turn", () => {
    for (const orientation of ORIENTATIONS) {
      const point = imagePoint(200, 340);
      const seen = toScreen(point, IMAGE, orientation, fitted(IMAGE, orientation, VIEW));
      const other = mirrored(orientation);
      const mirror = toScreen(point, IMAGE, other, fitted(IMAGE, other, VIEW));
      expect(mirror.x).toBeCloseTo(VIEW.width - seen.x, 6);
      expect(mirror.y).toBeCloseTo(seen.y, 6);
    }
  });

  it("is as before after four turns, and after two mirrors", () => {
    for (const start of ORIENTATIONS) {
      expect(turned(turned(turned(turned(start, 1), 1), 1), 1)).toEqual(start);
      expect(mirrored(mirrored(start))).toEqual(start);
    }
  });

  it("puts a region in the middle", () => {
    for (const orientation of ORIENTATIONS) {
      const view = zoomedToBox({ x0: 300, y0: 400, x1: 360, y1: 480 }, IMAGE, orientation, VIEW);
      const at = toScreen(imagePoint(330, 440), IMAGE, orientation, view);
      expect(at.x).toBeCloseTo(VIEW.width / 2, 6);
      expect(at.y).toBeCloseTo(VIEW.height / 2, 6);
    }
  });
});

describe("boxes", () => {
  const box = { x0: 100, y0: 200, x1: 160, y1: 290 };

  it("stay true rectangles under any drag of any handle", () => {
    const values = numbers(60, 3);
    for (const handle of HANDLES) {
      for (let i = 0; i < values.length; i += 2) {
        const after = resized(box, handle, values[i] as number, values[i + 1] as number);
        expect(after.x0).toBeLessThanOrEqual(after.x1);
        expect(after.y0).toBeLessThanOrEqual(after.y1);
      }
    }
  });

  it("are drawn from any corner", () => {
    expect(boxBetween(imagePoint(9, 8), imagePoint(2, 3))).toEqual({ x0: 2, y0: 3, x1: 9, y1: 8 });
  });

  it("never get thinner than two pixels by keys", () => {
    const thin = edgeMoved(box, "left", -1000);
    expect(isLargeEnough(thin)).toBe(true);
    expect(thin.x1).toBe(box.x1);
    expect(edgeMoved(box, "bottom", 1)).toEqual({ ...box, y1: 291 });
  });

  it("know their overlap", () => {
    expect(iou(box, box)).toBe(1);
    expect(iou(box, moved(box, 1000, 0))).toBe(0);
    expect(iou(box, moved(box, 30, 0))).toBeCloseTo(1 / 3, 9);
    expect(isValid({ x0: 1, y0: 1, x1: 1, y1: 5 })).toBe(false);
    expect(isValid({ x0: Number.NaN, y0: 1, x1: 3, y1: 5 })).toBe(false);
  });
});

describe("the window", () => {
  const base: GreyWindow = { center: 2000, width: 3000, function: "linear_exact" };

  it("maps grey values as the standard's exact linear function, and inverts", () => {
    const table = lookupTable(base, false);
    expect(table[500]).toBe(0);
    expect(table[2000]).toBe(128);
    expect(table[3500]).toBe(255);
    expect(lookupTable(base, true)[500]).toBe(255);
  });

  it("is kept from film to film as difference, not in grey values", () => {
    const window = draggedWindow(base, base, 60, -30);
    const onOther = windowFrom(habitOf(window, base), { ...base, center: 100, width: 300 });
    expect(onOther.width / 300).toBeCloseTo(window.width / base.width, 9);
    expect(presetWindow(base, "default")).toEqual(base);
  });
});
