import { describe, expect, it } from "vitest";

import { centre, height, width, type Box } from "../../src/core/boxes";
import { followed } from "../../src/core/following";
import { NO_ATTRIBUTES, emptyContents, type Proposals, type RegionContent } from "../../src/core/regionState";
import type { RegionId } from "../../src/core/regions";

const BOX: Box = { x0: 100, y0: 100, x1: 140, y1: 180 };
const boxed = (box: Box): RegionContent => ({ state: "boxed", box, origin: "drawn", attributes: NO_ATTRIBUTES });
const given: Proposals = Object.fromEntries(
  (["mc2", "mc3", "mc4", "pp2"] as RegionId[]).map((id) => [id, { box: BOX, score: 1, origin: "proposal" as const }]),
);
const twiceAsWide: Box = { x0: 80, y0: 100, x1: 160, y1: 180 };

describe("open suggestions", () => {
  it("are as they came while nothing is settled", () => {
    expect(followed(given, emptyContents())).toBe(given);
  });

  it("grow with a box of the same kind of bone that was drawn larger, about their own centre", () => {
    const after = followed(given, { ...emptyContents(), mc2: boxed(twiceAsWide) });
    const mc3 = after.mc3?.box as Box;
    expect(width(mc3)).toBeCloseTo(40 * 2 ** 0.39, 6);
    expect(height(mc3)).toBeCloseTo(80, 6);
    expect(centre(mc3)).toEqual(centre(BOX));
    expect(after.pp2).toEqual(given.pp2);
    expect(after.mc2).toEqual(given.mc2);
  });

  it("follow two boxes further than one, and less when one of two was left as it was", () => {
    const one = followed(given, { ...emptyContents(), mc2: boxed(twiceAsWide) });
    const two = followed(given, { ...emptyContents(), mc2: boxed(twiceAsWide), mc3: boxed(twiceAsWide) });
    const mixed = followed(given, { ...emptyContents(), mc2: boxed(twiceAsWide), mc3: boxed(BOX) });
    const widthOf = (proposals: Proposals) => width(proposals.mc4?.box as Box);
    expect(widthOf(two)).toBeGreaterThan(widthOf(one));
    expect(widthOf(two)).toBeLessThan(80);
    expect(widthOf(mixed)).toBeLessThan(widthOf(one));
  });

  it("never follow a box that merely lies elsewhere, or a region that is absent", () => {
    const elsewhere = { x0: 300, y0: 400, x1: 340, y1: 480 };
    expect(followed(given, { ...emptyContents(), mc2: boxed(elsewhere) }).mc3?.box).toEqual(BOX);
    expect(followed(given, { ...emptyContents(), mc2: { state: "absent", reason: "cut_off" } })).toBe(given);
  });
});
