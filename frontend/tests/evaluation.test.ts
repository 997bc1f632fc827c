import { describe, expect, it } from "vitest";

import { isOnItsWay } from "../src/api/studies";
import type { EvaluationCase, ModelVersion, StudyRow, Table3Row } from "../src/api/types";
import { bandLabel, heat } from "../src/pages/evaluate/bands";
import { differencePoints, largestErrors, reachYears } from "../src/pages/evaluate/points";
import { flatten, tablesOf } from "../src/pages/models/manifest";
import { statedError } from "../src/pages/models/metrics";
import { measuresOf, phasesOf } from "../src/pages/runs/curvePoints";

const one = (id: string, truth: number, predicted: number, sex: "F" | "M" = "F"): EvaluationCase => ({
  id,
  sex,
  truth_months: truth,
  predicted_months: predicted,
  chronological_age_months: null,
  interval_months: null,
  study: null,
});
const band = (from: number | null, to: number | null) =>
  ({ band: "b", from_years: from, to_years: to }) as Table3Row;

describe("evaluation", () => {
  it("names the bands", () => {
    expect([band(3, 4), band(18, null), band(null, 0)].map(bandLabel)).toEqual(["3–4", "> 18", "0"]);
  });

  it("colours from 0.3 to 0.8 years and no further", () => {
    expect([0, 3.6, 6.6, 9.6, 40].map((months) => Number(heat(months).toFixed(2)))).toEqual([0, 0, 0.5, 1, 1]);
  });

  it("puts the difference over the mean, in years", () => {
    const points = differencePoints([one("a", 120, 132), one("b", 60, 60, "M")], "F");
    expect(points.map(({ x, y }) => [x, y])).toEqual([[10.5, 1]]);
  });

  it("lists the furthest off first, whichever way", () => {
    const cases = [one("near", 100, 101), one("low", 100, 70), one("high", 100, 120)];
    expect(largestErrors(cases, 2).map(({ id }) => id)).toEqual(["low", "high"]);
  });

  it("leaves no point or limit off the axis", () => {
    expect(reachYears([one("a", 100, 70)], [-10, 20])).toBe(3);
    expect(reachYears([], [])).toBe(1);
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
