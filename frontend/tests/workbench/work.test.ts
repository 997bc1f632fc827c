import { describe, expect, it } from "vitest";

import { armedRegion, nextOpen, nextStop } from "../../src/core/attention";
import { enteredMonths, entryOf, keptPlate, neighbouringPlate, plateAt } from "../../src/core/boneAge";
import { LONGEST_PAUSE_SECONDS, NO_EFFORT, acted, stirred } from "../../src/core/effort";
import { emptyContents, NO_ATTRIBUTES, shownState, type RegionContent } from "../../src/core/regionState";
import { HAND_LAYOUT } from "../../src/core/handLayout";
import { imagePoint, screenPoint } from "../../src/core/points";
import { REGION_IDS, type RegionId } from "../../src/core/regions";
import { handSide, layoutWarnings } from "../../src/core/warnings";
import type { Box } from "../../src/core/boxes";
import { begin } from "../../src/tools/begin";
import type { PointerFact, Scene, Target } from "../../src/tools/gesture";
import { pinched } from "../../src/tools/pinch";

const boxed = (box: Box): RegionContent => ({ state: "boxed", box, origin: "drawn", attributes: NO_ATTRIBUTES });

/** A left hand, fingers up, from the average layout. */
function hand(mirror = 1): Record<RegionId, Box> {
  const entries = REGION_IDS.map((id) => {
    const { u, v, width, height } = HAND_LAYOUT[id];
    const [x, y, w, h] = [500 + mirror * u * 250, 900 - v * 250, width * 250, height * 250];
    return [id, { x0: x - w / 2, y0: y - h / 2, x1: x + w / 2, y1: y + h / 2 }] as const;
  });
  return Object.fromEntries(entries) as Record<RegionId, Box>;
}

const contentsFrom = (boxes: Record<RegionId, Box>) =>
  Object.fromEntries(Object.entries(boxes).map(([id, box]) => [id, boxed(box)])) as Record<RegionId, RegionContent>;

describe("what comes next", () => {
  it("is the first open region after the one in hand, round the hand", () => {
    const contents = { ...emptyContents(), radius: boxed({ x0: 0, y0: 0, x1: 9, y1: 9 }) };
    expect(nextOpen(contents, null)).toBe("ulna");
    expect(nextOpen(contents, "dp5")).toBe("ulna");
    expect(nextOpen(contents, "ulna", -1)).toBe("dp5");
    expect(armedRegion(contents, { region: "radius", calledUp: false })).toBe("ulna");
    expect(armedRegion(contents, { region: "radius", calledUp: true })).toBe("radius");
  });

  it("is nothing to draw once all 17 are settled", () => {
    const contents = contentsFrom(hand());
    expect(nextOpen(contents, "mc2")).toBeNull();
    expect(armedRegion(contents, { region: "mc2", calledUp: false })).toBeNull();
    expect(nextStop(contents, "dp5")).toBe("radius");
  });

  it("is said in a word", () => {
    expect(shownState({ state: "missing" }, undefined)).toBe("missing");
    expect(shownState({ state: "missing" }, { box: { x0: 0, y0: 0, x1: 1, y1: 1 }, score: 1, origin: "proposal" })).toBe("suggested");
    expect(shownState(boxed({ x0: 0, y0: 0, x1: 9, y1: 9 }), undefined)).toBe("edited");
    expect(shownState({ state: "absent", reason: "cut_off" }, undefined)).toBe("absent");
  });
});

describe("warnings", () => {
  const image = { width: 1000, height: 1300 };

  it("are silent on an ordinary left hand", () => {
    expect(layoutWarnings(contentsFrom(hand()), image, "L")).toEqual([]);
  });

  it("see a hand of the other side, also when the film is upside down", () => {
    const left = new Map(Object.entries(hand()) as [RegionId, Box][]);
    const right = new Map(Object.entries(hand(-1)) as [RegionId, Box][]);
    expect(handSide(left)).toBe("L");
    expect(handSide(right)).toBe("R");
    expect(layoutWarnings(contentsFrom(hand(-1)), image, "L").map((warning) => warning.code)).toEqual(["side"]);
  });

  it("see two boxes on each other, a broken finger and a box off the film", () => {
    const boxes = hand();
    const swapped = { ...boxes, dp3: boxes.mc3, mc3: boxes.dp3 };
    expect(layoutWarnings(contentsFrom(swapped), image, "L").some((warning) => warning.code === "order")).toBe(true);
    const doubled = { ...boxes, ulna: boxes.radius };
    expect(layoutWarnings(contentsFrom(doubled), image, "L")).toContainEqual({ code: "overlap", regions: ["radius", "ulna"] });
    const off = { ...boxes, dp5: { x0: -90, y0: 500, x1: -40, y1: 560 } };
    expect(layoutWarnings(contentsFrom(off), image, "L")).toContainEqual({ code: "outside", regions: ["dp5"] });
  });
});

describe("effort", () => {
  it("counts actions, and of a long pause only its beginning", () => {
    let effort = acted(NO_EFFORT, 0);
    effort = acted(effort, 2_000);
    effort = stirred(effort, 1_000_000);
    expect(effort).toMatchObject({ actions: 2, seconds: 2 + LONGEST_PAUSE_SECONDS });
  });
});

describe("a bone age", () => {
  it("is entered in years and months, or in months alone", () => {
    expect(enteredMonths({ years: "10", months: "5" })).toBe(125);
    expect(enteredMonths({ years: "10", months: "" })).toBe(120);
    expect(enteredMonths({ years: "", months: "18" })).toBe(18);
    expect(enteredMonths({ years: "", months: "" })).toBeNull();
    expect(enteredMonths({ years: "10", months: "12" })).toBeNull();
    expect(enteredMonths({ years: "33", months: "0" })).toBeNull();
    for (let months = 0; months <= 240; months++) expect(enteredMonths(entryOf(months))).toBe(months);
  });

  it("may lie on a plate or between plates", () => {
    const plates = [0, 3, 6, 12, 24, 32];
    expect(plateAt(plates, 24)).toBe(24);
    expect(plateAt(plates, 25)).toBeNull();
    expect(neighbouringPlate(plates, 25, 1)).toBe(32);
    expect(neighbouringPlate(plates, 25, -1)).toBe(24);
    expect(neighbouringPlate(plates, 0, -1)).toBeNull();
  });
});

describe("gestures", () => {
  const boxes: Partial<Record<RegionId, Box>> = { radius: { x0: 10, y0: 10, x1: 60, y1: 60 } };
  const scene = (change: Partial<Scene> = {}): Scene => ({
    readOnly: false,
    armed: "ulna",
    focused: null,
    drawMode: false,
    windowKey: false,
    window: { center: 1, width: 2, function: "linear" },
    boxOf: (region) => boxes[region as RegionId] ?? null,
    ...change,
  });
  const fact = (x: number, y: number, target: Target = { kind: "film" }, more: Partial<PointerFact> = {}): PointerFact => ({
    screen: screenPoint(x, y),
    image: imagePoint(x, y),
    target,
    button: 0,
    ctrl: false,
    shift: false,
    touch: false,
    ...more,
  });
  const drag = (now: Scene, target: Target, more: Partial<PointerFact> = {}) => {
    const start = begin(fact(20, 20, target, more), now);
    const going = start?.move(fact(50, 45, target, more), now);
    return going?.gesture?.up(fact(50, 45, target, more), now).effects.at(-1) ?? going?.effects.at(-1);
  };
  const inside: Target = { kind: "box", region: "radius", part: "inside" };

  it("draw the armed region on the film", () => {
    expect(drag(scene(), { kind: "film" })).toEqual({ kind: "draw", region: "ulna", box: { x0: 20, y0: 20, x1: 50, y1: 45 } });
  });

  it("draw over a box that is not in hand, but move the one that is", () => {
    expect(drag(scene(), inside)).toMatchObject({ kind: "draw", region: "ulna" });
    expect(drag(scene({ focused: "radius" }), inside)).toEqual({ kind: "draw", region: "radius", box: { x0: 40, y0: 35, x1: 90, y1: 85 } });
    expect(drag(scene({ focused: "radius", drawMode: true }), inside)).toMatchObject({ region: "ulna" });
    expect(drag(scene({ armed: null }), inside)).toMatchObject({ region: "radius" });
  });

  it("resize by a handle", () => {
    const handle: Target = { kind: "handle", region: "radius", handle: "se" };
    expect(drag(scene(), handle)).toEqual({ kind: "draw", region: "radius", box: { x0: 10, y0: 10, x1: 90, y1: 85 } });
  });

  it("change nothing where nothing may be changed", () => {
    expect(drag(scene({ readOnly: true }), inside)).toMatchObject({ kind: "pan" });
    expect(drag(scene({ armed: null }), { kind: "film" })).toMatchObject({ kind: "pan" });
  });

  it("set the window with the right button or the key, and move all with Ctrl", () => {
    expect(drag(scene(), inside, { button: 2 })).toMatchObject({ kind: "window", dx: 30, dy: 25 });
    expect(drag(scene({ windowKey: true }), inside)).toMatchObject({ kind: "window" });
    expect(drag(scene(), inside, { ctrl: true })).toEqual({ kind: "moveAll", dx: 30, dy: 25 });
  });

  it("take a press that did not move as a click", () => {
    const started = begin(fact(20, 20, inside), scene());
    expect(started?.move(fact(21, 21, inside), scene()).effects).toEqual([]);
    expect(started?.up(fact(21, 21, inside), scene()).effects).toMatchObject([{ kind: "pick", region: "radius" }]);
  });

  it("zoom with two fingers about their middle", () => {
    const effects = pinched([screenPoint(0, 0), screenPoint(10, 0)], [screenPoint(-5, 0), screenPoint(15, 0)]);
    expect(effects).toEqual([
      { kind: "pan", dx: 0, dy: 0 },
      { kind: "zoom", factor: 2, about: screenPoint(5, 0) },
    ]);
  });
});

describe("the plate of a reading", () => {
  const plates = [108, 120, 132];
  it("is the one its months stand on, whichever was chosen before", () => {
    expect(keptPlate(plates, null, 132)).toBe(132);
    expect(keptPlate(plates, 108, 132)).toBe(132);
  });
  it("stays the chosen one between its neighbours", () => {
    expect(keptPlate(plates, 120, 123)).toBe(120);
    expect(keptPlate(plates, 120, 109)).toBe(120);
    expect(keptPlate(plates, 132, 140)).toBe(132);
    expect(keptPlate(plates, 108, 3)).toBe(108);
  });
  it("is none beyond them, without a choice or without an age", () => {
    expect(keptPlate(plates, 120, 107)).toBeNull();
    expect(keptPlate(plates, null, 123)).toBeNull();
    expect(keptPlate(plates, 120, null)).toBeNull();
  });
});
