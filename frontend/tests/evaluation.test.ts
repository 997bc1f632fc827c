import { describe, expect, it } from "vitest";

import { isOnItsWay } from "../src/api/studies";
import type { BandRow, PointsValues } from "../src/api/figures";
import type { ModelVersion, StudyRow } from "../src/api/types";
import { bandLabel, bandName, heat } from "../src/pages/evaluate/bands";
import { filterOf } from "../src/api/evaluationAddresses";
import { oldestYears, reachYears } from "../src/pages/evaluate/Overview";
import { linear, nearest, ticks } from "../src/panels/plot/scale";
import { flatten, tablesOf } from "../src/pages/models/manifest";
import { statedError } from "../src/pages/models/metrics";
import { measuresOf, phasesOf } from "../src/pages/runs/curvePoints";

const band = (from: number | null, to: number | null) =>
  ({ band: "b", from_years: from, to_years: to }) as BandRow;

describe("evaluation", () => {
  it("names the bands", () => {
    expect([band(3, 4), band(18, null), band(null, 0)].map(bandLabel)).toEqual(["3–4", "> 18", "0"]);
  });

  it("colours from 0.3 to 0.8 years and no further", () => {
    expect([0, 3.6, 6.6, 9.6, 40].map((months) => Number(heat(months).toFixed(2)))).toEqual([0, 0, 0.5, 1, 1]);
  });

  it("names a band that is known by its name alone", () => {
    expect(["(3,4]", ">18", "0", "Hospital A"].map(bandName)).toEqual(["3–4", "> 18", "0", "Hospital A"]);
  });

  it("leaves no point, cell or limit off the axis", () => {
    const values = (y: number[], density: PointsValues["density"] = null) =>
      ({ n: 1, density, cell_months: 3, points: { row: [0], x: [100], y, sex: [0] } }) as PointsValues;
    expect(reachYears(values([-30]))).toBe(3);
    expect(reachYears(values([0], [[90, 50, 4]]))).toBe(5);
    expect(reachYears(values([]))).toBe(1);
    expect(oldestYears(values([100]))).toBe(20);
    expect(oldestYears(values([100], [[90, 245, 4]]))).toBe(25);
  });

  it("reads the filter from the address, and nothing else", () => {
    const address = new URLSearchParams("sex=F&view=cases&order=too_old&from_years=3&site=");
    expect(filterOf(address)).toEqual({ sex: "F", from_years: "3" });
  });
});

describe("a drawing", () => {
  it("puts a value where it belongs, and finds it again", () => {
    const scale = linear([0, 20], [44, 548]);
    expect([scale(0), scale(10), scale(20)]).toEqual([44, 296, 548]);
    expect(scale.invert(scale(7.25))).toBeCloseTo(7.25);
  });

  it("has round ticks inside its axis", () => {
    expect(ticks([0, 20])).toEqual([0, 5, 10, 15, 20]);
    expect(ticks([-1, 1], 4)).toEqual([-1, -0.5, 0, 0.5, 1]);
    expect(ticks([3, 3])).toEqual([3]);
  });

  it("takes the nearest point within reach, and none beyond", () => {
    expect(nearest([0, 10, 20], [0, 0, 0], 11, 1, 5)).toBe(1);
    expect(nearest([0, 10], [0, 0], 100, 0, 5)).toBe(-1);
  });
});

describe("learning curves", () => {
  const points = [
    { step: 10, phase: "fit_detector", box: 0.4, loss: 2, learning_rate: 0.001 },
    { step: 20, phase: "fit_detector", box: 0.3, loss: 1 },
    { step: 10, phase: "fit_maturity", loss: 3 },
  ];

  it("keep stages apart in their order", () => {
    expect(phasesOf(points)).toEqual(["fit_detector", "fit_maturity"]);
  });

  it("show the loss first and no learning rate", () => {
    expect(measuresOf(points)).toEqual(["loss", "box"]);
  });
});

describe("what a model states about itself", () => {
  const metrics = {
    validation: {
      n: 916,
      cross_validated_mae_months: 11.883,
      detector: { median_iou: 0.785, by_region: { radius: { found: 0.985, n: 68 }, ulna: { found: 1, n: 67 } } },
    },
  };

  it("is a table where it is told by region, and single values elsewhere", () => {
    const { rest, tables } = tablesOf(metrics);
    expect(tables).toEqual([
      {
        path: "validation.detector.by_region",
        columns: ["found", "n"],
        rows: [
          { name: "radius", values: [0.985, 68] },
          { name: "ulna", values: [1, 67] },
        ],
      },
    ]);
    expect(flatten(rest, String).map(([path]) => path)).toEqual([
      "validation.n",
      "validation.cross_validated_mae_months",
      "validation.detector.median_iou",
    ]);
  });

  it("never passes a cross-validated error off as one of a test part", () => {
    const model = (value: unknown) => ({ metrics: value }) as ModelVersion;
    expect(statedError(model(metrics))).toEqual({ months: 11.883, crossValidated: true });
    expect(statedError(model({ test: { mae_months: 9.4 }, ...metrics }))).toEqual({ months: 9.4, crossValidated: false });
    expect(statedError(model({}))).toBeNull();
  });
});

describe("films on their way", () => {
  const now = Date.parse("2026-01-01T00:10:00Z");
  const row = (change: Partial<StudyRow>) =>
    ({ state: "ready", blinded: false, prediction: null, received_at: "2026-01-01T00:09:00Z", ...change }) as StudyRow;

  it("are those that have just come in and have no result yet", () => {
    expect(isOnItsWay(row({}), now)).toBe(true);
    expect(isOnItsWay(row({ received_at: "2026-01-01T00:01:00Z" }), now)).toBe(false);
    expect(isOnItsWay(row({ blinded: true }), now)).toBe(false);
    expect(isOnItsWay(row({ state: "excluded" }), now)).toBe(false);
  });
});
