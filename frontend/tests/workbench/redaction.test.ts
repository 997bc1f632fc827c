import { describe, expect, it } from "vitest";

import { boxMove } from "../../src/core/boxMoves";
import { imagePoint, screenPoint } from "../../src/core/points";
import {
  blankFor,
  isCovered,
  nextBlankId,
  NOTHING_BLANKED,
  onFilm,
  redone,
  undone,
  withMoved,
  withNew,
  without,
} from "../../src/core/redaction";
import { fitted, imageDirection, orientationOf, toScreen, type Orientation } from "../../src/core/viewport";

const FILM = { width: 1000, height: 800 };
const ORIENTATIONS: Orientation[] = ([0, 1, 2, 3] as const).flatMap((quarterTurns) => [
  { quarterTurns, mirrored: false },
  { quarterTurns, mirrored: true },
]);

describe("rectangles to blank", () => {
  const box = { x0: 10, y0: 10, x1: 60, y1: 30 };

  it("are drawn, moved and taken away, and each step comes back", () => {
    const drawn = withNew(NOTHING_BLANKED, [box]);
    expect(nextBlankId(drawn)).toBe("blank-2");
    const moved = withMoved(drawn, "blank-1", { ...box, x1: 90 });
    const gone = without(moved, "blank-1");
    expect(gone.blanks).toEqual([]);
    expect(undone(gone).blanks).toEqual(moved.blanks);
    expect(undone(undone(gone)).blanks).toEqual(drawn.blanks);
    expect(undone(undone(undone(undone(gone)))).blanks).toEqual([]);
    expect(redone(undone(gone)).blanks).toEqual([]);
  });

  it("moved by a held key come back in one step", () => {
    let held = withNew(NOTHING_BLANKED, [box]);
    for (let i = 1; i <= 20; i++) held = withMoved(held, "blank-1", { ...box, x1: 60 + i }, "nudge");
    expect(undone(held).blanks[0]?.box).toEqual(box);
  });

  it("never lie outside the film", () => {
    expect(onFilm({ x0: -5, y0: 790, x1: 20, y1: 900 }, FILM)).toEqual({ x0: 0, y0: 790, x1: 20, y1: 800 });
    expect(onFilm({ x0: 1001, y0: 0, x1: 1100, y1: 50 }, FILM)).toBeNull();
  });

  it("cover a found writing with its edges", () => {
    const found = { id: "found-1", box: { x0: 100, y0: 100, x1: 300, y1: 140 } };
    const blank = blankFor(found, FILM);
    expect(blank).toEqual({ x0: 94, y0: 94, x1: 306, y1: 146 });
    expect(isCovered(found, [{ id: "blank-1", box: blank }])).toBe(true);
  });

  it("may share the work, and leave nothing between them", () => {
    const found = { id: "found-1", box: { x0: 100, y0: 100, x1: 300, y1: 140 } };
    const left = { id: "a", box: { x0: 90, y0: 90, x1: 200, y1: 150 } };
    const right = { id: "b", box: { x0: 200, y0: 90, x1: 310, y1: 150 } };
    expect(isCovered(found, [left])).toBe(false);
    expect(isCovered(found, [left, right])).toBe(true);
    expect(isCovered(found, [left, { ...right, box: { ...right.box, x0: 240 } }])).toBe(false);
  });
});

describe("a film that is shown turned", () => {
  it("has the server's meaning of a view: mirrored first, then turned clockwise", () => {
    // A point at a quarter of the width and a tenth of the height, as each of the eight views puts it on the screen.
    const [x, y] = [0.25, 0.1];
    const seen: Record<string, readonly [number, number]> = {
      "0 false": [0.25, 0.1],
      "1 false": [0.9, 0.25],
      "2 false": [0.75, 0.9],
      "3 false": [0.1, 0.75],
      "0 true": [0.75, 0.1],
      "1 true": [0.9, 0.75],
      "2 true": [0.25, 0.9],
      "3 true": [0.1, 0.25],
    };
    for (const quarter_turns of [0, 1, 2, 3]) {
      for (const mirrored of [false, true]) {
        const orientation = orientationOf({ quarter_turns, mirrored });
        const turned = quarter_turns % 2 ? { width: FILM.height, height: FILM.width } : FILM;
        const view = fitted(FILM, orientation, turned);
        const at = toScreen(imagePoint(x * FILM.width, y * FILM.height), FILM, orientation, { ...view, scale: 1, left: 0, top: 0 });
        const [wantedX, wantedY] = seen[`${quarter_turns} ${mirrored}`] as readonly [number, number];
        expect(at.x).toBeCloseTo(wantedX * turned.width, 6);
        expect(at.y).toBeCloseTo(wantedY * turned.height, 6);
      }
    }
  });

  it("is moved by the arrows as it is seen", () => {
    for (const orientation of ORIENTATIONS) {
      const view = { scale: 1, left: 0, top: 0 };
      const start = toScreen(imagePoint(500, 400), FILM, orientation, view);
      const right = boxMove("arrowright", orientation);
      if (right?.kind !== "nudge") throw new Error("an arrow moves");
      const after = toScreen(imagePoint(500 + right.dx, 400 + right.dy), FILM, orientation, view);
      expect(after).toEqual(screenPoint(start.x + 1, start.y));
      const { dx, dy } = imageDirection(0, 1, orientation);
      expect(Math.abs(dx) + Math.abs(dy)).toBe(1);
    }
    expect(boxMove("alt+arrowleft", orientationOf({ quarter_turns: 0, mirrored: true }))).toEqual({ kind: "nudgeEdge", edge: "right", outwardsPx: 1 });
    expect(boxMove("alt+shift+arrowup", orientationOf({ quarter_turns: 1, mirrored: false }))).toEqual({ kind: "nudgeEdge", edge: "left", outwardsPx: -1 });
  });
});
