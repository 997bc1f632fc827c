import { describe, expect, it } from "vitest";

import type { Box } from "../../src/core/boxes";
import { LabelDesk } from "../../src/core/labelDesk";
import { imagePoint } from "../../src/core/points";
import { NO_ATTRIBUTES, missingRegions, type Proposals, type ServerRegion } from "../../src/core/regionState";
import { REGION_IDS, type RegionId } from "../../src/core/regions";
import { WorkSession, type Surroundings } from "../../src/core/workSession";

const around: Surroundings = {
  send: () => new Promise(() => undefined),
  store: { load: () => Promise.resolve([]), change: () => Promise.resolve() },
  now: () => 0,
  newId: (() => {
    let n = 0;
    return () => String(n++);
  })(),
  after: () => () => undefined,
  random: () => 0,
};

const regions: ServerRegion[] = REGION_IDS.map((region) => ({
  region,
  state: "missing",
  ...{ x0: null, y0: null, x1: null, y1: null },
  absent_reason: null,
  attributes: NO_ATTRIBUTES,
  origin: null,
  revision: 0,
}));

const place = (id: RegionId, off = 0): Box => {
  const at = 20 + REGION_IDS.indexOf(id) * 100 + off;
  return { x0: at, y0: at, x1: at + 60, y1: at + 80 };
};

const suggested = (ids: readonly RegionId[] = REGION_IDS): Proposals =>
  Object.fromEntries(ids.map((id) => [id, { box: place(id), score: 0.9, origin: "proposal" as const }]));

function desk(proposals: Proposals = {}, editable = true): LabelDesk {
  return new LabelDesk(new WorkSession("b", regions, proposals, [], around), editable, () => 0);
}

const contents = (d: LabelDesk) => d.session.snapshot().contents;
const CLICKS = [imagePoint(500, 1500), imagePoint(500, 400), imagePoint(1050, 900)] as const;

function clickTemplate(d: LabelDesk): void {
  d.perform("template");
  CLICKS.forEach((at) => d.pick(null, at));
}

describe("the label desk", () => {
  it("takes 17 drags and one key for a film without suggestions", () => {
    const d = desk();
    for (const id of REGION_IDS) {
      const box = place(id);
      expect(d.drawnAs(box)).toBe(id);
      d.draw(id, box);
    }
    expect(d.finish(false)).toBeNull();
    expect(d.spent().actions).toBe(18);
  });

  it("takes one key for a film whose suggestions are all right", () => {
    const d = desk(suggested());
    expect(d.finish(true)).toBeNull();
    expect(d.spent().actions).toBe(1);
    expect(missingRegions(contents(d))).toEqual([]);
  });

  it("refuses to finish with the first region that stands in the way, and takes it in hand", () => {
    const d = desk(suggested(REGION_IDS.filter((id) => id !== "mc4")));
    expect(d.finish(true)).toBe("mc4");
    expect(contents(d).radius.state).toBe("missing");
    expect(d.finish(false)).toBe("radius");
    expect(d.snapshot()).toMatchObject({ focus: { region: "radius" }, said: { code: "refusedMissing", regions: ["radius"] } });
    expect(d.spent().actions).toBe(0);
  });

  it("changes nothing while the film is being handed in: it would not be in what was handed in", () => {
    const d = desk(suggested());
    expect(d.finish(true)).toBeNull();
    d.handIn(true);
    d.draw("mc4", place("mc4", 5));
    d.perform("undo");
    expect(contents(d).mc4).toMatchObject({ box: place("mc4") });
    d.handIn(false);
    d.draw("mc4", place("mc4", 5));
    expect(contents(d).mc4).toMatchObject({ box: place("mc4", 5) });
  });

  it("takes a box drawn over a suggestion for that region, whichever is armed", () => {
    const d = desk(suggested());
    expect(d.armed()).toBe("radius");
    expect(d.drawnAs(place("dp4", 8))).toBe("dp4");
    d.callUp("ulna");
    expect(d.drawnAs(place("dp4", 8))).toBe("ulna");
  });

  it("takes a box drawn where nothing is suggested for the first region without a suggestion", () => {
    const d = desk(suggested(REGION_IDS.filter((id) => id !== "pp2" && id !== "dp5")));
    expect(d.drawnAs({ x0: 4000, y0: 10, x1: 4060, y1: 90 })).toBe("pp2");
    d.draw("pp2", place("pp2"));
    expect(d.drawnAs({ x0: 4000, y0: 10, x1: 4060, y1: 90 })).toBe("dp5");
  });

  it("never lets a suggestion count for a region that a person has settled", () => {
    const d = desk(suggested());
    d.draw("dp4", place("dp4", 5));
    expect(d.drawnAs(place("dp4", 6))).not.toBe("dp4");
  });

  it("lays the template by three clicks, as suggestions that leave a person's boxes alone", () => {
    const d = desk();
    d.draw("radius", place("radius"));
    clickTemplate(d);
    expect(d.snapshot().clicks).toBeNull();
    expect(d.suggested()).toHaveLength(16);
    d.perform("acceptAll");
    expect(contents(d).radius).toMatchObject({ state: "boxed", origin: "drawn", box: place("radius") });
    expect(contents(d).dp3).toMatchObject({ state: "boxed", origin: "template" });
    d.perform("undo");
    expect(missingRegions(contents(d))).toHaveLength(16);
  });

  it("takes the template back by one undo, and lays it again by one redo", () => {
    const d = desk(suggested(["ulna"]));
    clickTemplate(d);
    d.perform("undo");
    expect(d.session.snapshot().proposals).toEqual(suggested(["ulna"]));
    d.perform("redo");
    expect(d.suggested()).toHaveLength(17);
    // What was done since is undone first.
    d.draw("dp1", place("dp1"));
    d.perform("undo");
    expect(contents(d).dp1.state).toBe("missing");
    expect(d.suggested()).toHaveLength(17);
  });

  it("lets the template's points be set again, and be left", () => {
    const d = desk();
    d.perform("template");
    d.pick(null, CLICKS[0]);
    d.pick("radius", CLICKS[1]); // a click on a box is a point as well
    d.perform("undo");
    expect(d.snapshot().clicks).toEqual([CLICKS[0]]);
    d.pick(null, CLICKS[1]);
    d.pick(null, imagePoint(505, 900)); // no thumb
    expect(d.snapshot()).toMatchObject({ clicks: [CLICKS[0], CLICKS[1]], said: { code: "templateProblem.no_side" } });
    expect(d.leaveTemplate()).toBe(true);
    expect(d.leaveTemplate()).toBe(false);
    expect(d.suggested()).toEqual([]);
  });

  it("places a box without a pointer, which arrows then move", () => {
    const d = desk();
    d.place(imagePoint(300, 300), 1000);
    const placed = contents(d).radius;
    expect(placed).toMatchObject({ state: "boxed", origin: "drawn" });
    expect(d.move({ kind: "nudge", dx: 10, dy: 0 })).toBe(true);
    d.perform("nextAttention");
    expect(d.snapshot().focus.region).toBe("ulna");
    d.place(imagePoint(300, 300), 1000);
    expect(contents(d).ulna.state).toBe("boxed");
    const withSuggestion = desk(suggested());
    withSuggestion.place(imagePoint(0, 0), 1000);
    expect(contents(withSuggestion).radius).toMatchObject({ box: place("radius") });
  });

  it("asks why a region is absent, and goes on", () => {
    const d = desk();
    d.perform("absent");
    expect(d.snapshot().absentFor).toBe("radius");
    d.absent("cut_off");
    expect(contents(d).radius).toEqual({ state: "absent", reason: "cut_off" });
    expect(d.snapshot()).toMatchObject({ absentFor: null, focus: { region: "ulna" } });
    expect(d.spent().actions).toBe(2);
  });

  it("changes nothing on a film that is only looked at", () => {
    const d = desk(suggested(), false);
    d.draw("radius", place("radius"));
    d.perform("acceptAll");
    d.perform("template");
    d.place(imagePoint(0, 0), 100);
    expect(missingRegions(contents(d))).toHaveLength(17);
    expect(d.snapshot().clicks).toBeNull();
  });

  it("lays the template again after a reload, and one undo takes it back", () => {
    const before = desk();
    clickTemplate(before);
    const laid = before.session.snapshot().proposals;
    const after = desk(suggested(["ulna"]));
    after.layAgain(laid);
    expect(after.session.snapshot().proposals).toEqual(laid);
    expect(after.snapshot().said).toEqual({ code: "templateKept", count: Object.keys(laid).length });
    after.perform("undo");
    expect(Object.keys(after.session.snapshot().proposals)).toEqual(["ulna"]);
    const looking = desk({}, false);
    looking.layAgain(laid);
    expect(looking.session.snapshot().proposals).toEqual({});
  });
});
