import { describe, expect, it } from "vitest";

import { centre, height, isValid, width, type Box } from "../../src/core/boxes";
import { expectedBox } from "../../src/core/placing";
import { imagePoint, type ImagePoint } from "../../src/core/points";
import { REGION_IDS, type RegionId } from "../../src/core/regions";
import { templateProposals } from "../../src/core/template";
import { handSide } from "../../src/core/warnings";

type Map2 = (x: number, y: number) => readonly [number, number];

const WRIST = imagePoint(512, 1490);
const MIDDLE = imagePoint(530, 380);
const THUMB = imagePoint(1080, 900);

const mapped = (map: Map2, { x, y }: ImagePoint) => imagePoint(...map(x, y));

function laid(wrist = WRIST, middle = MIDDLE, thumb = THUMB): Record<RegionId, Box> {
  const proposals = templateProposals(wrist, middle, thumb);
  if (typeof proposals === "string") throw new Error(proposals);
  return Object.fromEntries(REGION_IDS.map((id) => [id, proposals[id]?.box])) as Record<RegionId, Box>;
}

const laidThrough = (map: Map2) => laid(mapped(map, WRIST), mapped(map, MIDDLE), mapped(map, THUMB));

const turn = (degrees: number, scale = 1, dx = 0, dy = 0): Map2 => {
  const [c, s] = [Math.cos((degrees * Math.PI) / 180) * scale, Math.sin((degrees * Math.PI) / 180) * scale];
  return (x, y) => [c * x - s * y + dx, s * x + c * y + dy];
};

describe("the three-click template", () => {
  const upright = laid();

  it("gives all 17 regions a box, on the ray where it belongs", () => {
    for (const id of REGION_IDS) expect(isValid(upright[id])).toBe(true);
    for (const ray of [2, 3, 4, 5]) {
      const far = (name: string) => WRIST.y - centre(upright[`${name}${ray}` as RegionId]).y;
      expect(far("mc")).toBeLessThan(far("pp"));
      expect(far("pp")).toBeLessThan(far("dp"));
    }
    const { dp3, dp1, carpals } = upright;
    expect(dp3.y0).toBeLessThan(MIDDLE.y + 60);
    expect(dp3.y1).toBeGreaterThan(MIDDLE.y);
    expect(THUMB.x).toBeGreaterThan(dp1.x0);
    expect(THUMB.x).toBeLessThan(dp1.x1 + width(dp1) / 2);
    expect(centre(carpals).x).toBeCloseTo(WRIST.x, 6);
  });

  it.each([0, 17, 90, 133, 180, 270])("follows a hand turned by %i degrees, of any size and place", (degrees) => {
    const map = turn(degrees, 0.37, 812, -95);
    const turned = laidThrough(map);
    for (const id of REGION_IDS) {
      const { x, y } = centre(upright[id]);
      const [wantedX, wantedY] = map(x, y);
      expect(centre(turned[id]).x).toBeCloseTo(wantedX, 6);
      expect(centre(turned[id]).y).toBeCloseTo(wantedY, 6);
    }
  });

  it("changes width and height over with a quarter turn, and keeps them in a mirror", () => {
    // Exactly upright: a leaning hand's boxes are those round a leaning ellipse.
    const [wrist, middle, thumb] = [imagePoint(500, 1500), imagePoint(500, 400), imagePoint(1050, 900)];
    const straight = laid(wrist, middle, thumb);
    const quarter = turn(90);
    const lying = laid(mapped(quarter, wrist), mapped(quarter, middle), mapped(quarter, thumb));
    const mirror: Map2 = (x, y) => [1300 - x, y];
    const other = laid(mapped(mirror, wrist), mapped(mirror, middle), mapped(mirror, thumb));
    for (const id of REGION_IDS) {
      expect(width(lying[id])).toBeCloseTo(height(straight[id]), 6);
      expect(height(lying[id])).toBeCloseTo(width(straight[id]), 6);
      expect(other[id].x0).toBeCloseTo(1300 - straight[id].x1, 6);
      expect(other[id].x1).toBeCloseTo(1300 - straight[id].x0, 6);
      expect(other[id].y0).toBeCloseTo(straight[id].y0, 6);
    }
  });

  it("needs no word about the side of the hand", () => {
    const mirror: Map2 = (x, y) => [1300 - x, y];
    expect(handSide(new Map(Object.entries(upright) as [RegionId, Box][]))).toBe("L");
    expect(handSide(new Map(Object.entries(laidThrough(mirror)) as [RegionId, Box][]))).toBe("R");
  });

  it("takes the thumb's regions along when it is spread, and the little finger's hardly", () => {
    const spread = laid(WRIST, MIDDLE, imagePoint(THUMB.x + 80, THUMB.y));
    const moved = (id: RegionId) => centre(spread[id]).x - centre(upright[id]).x;
    expect(moved("dp1")).toBeGreaterThan(40);
    expect(moved("pp1")).toBeGreaterThan(15);
    expect(Math.abs(moved("mc5"))).toBeLessThan(8);
    expect(moved("carpals")).toBeCloseTo(0, 6);
  });

  it("does not follow a point that no thumb reaches any farther than a thumb goes", () => {
    const far = laid(WRIST, MIDDLE, imagePoint(9000, 900));
    expect(centre(far.dp1).x).toBeLessThan(1400);
  });

  it("says what is wrong with points that make no hand", () => {
    expect(templateProposals(WRIST, imagePoint(WRIST.x + 5, WRIST.y), THUMB)).toBe("too_close");
    expect(templateProposals(WRIST, MIDDLE, imagePoint(520, 900))).toBe("no_side");
  });
});

describe("a box placed without a pointer", () => {
  const hand = laid();
  const nowhere = imagePoint(400, 300);

  it("lies where the other boxes expect it, on either hand", () => {
    for (const mirror of [false, true]) {
      const boxes = mirror
        ? (Object.fromEntries(Object.entries(hand).map(([id, b]) => [id, { ...b, x0: 1300 - b.x1, x1: 1300 - b.x0 }])) as Record<RegionId, Box>)
        : hand;
      for (const id of REGION_IDS) {
        const { [id]: wanted, ...others } = boxes;
        const found = expectedBox(id, others, nowhere, 1800);
        const off = Math.hypot(centre(found).x - centre(wanted).x, centre(found).y - centre(wanted).y);
        expect(off, id).toBeLessThan(0.06 * 1110);
        expect(width(found) / width(wanted)).toBeGreaterThan(0.85);
        expect(width(found) / width(wanted)).toBeLessThan(1.18);
      }
    }
  });

  it("lies in the middle of the view while nothing is known", () => {
    const found = expectedBox("radius", {}, nowhere, 2000);
    expect(centre(found)).toEqual({ x: 400, y: 300 });
    expect(height(found)).toBeGreaterThan(100);
    expect(height(found)).toBeLessThan(500);
  });
});
