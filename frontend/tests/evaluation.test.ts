import { describe, expect, it } from "vitest";

import type { EvaluationCase, Table3Row } from "../src/api/types";
import { bandLabel, heat } from "../src/pages/evaluate/bands";
import { differencePoints, largestErrors, reachYears } from "../src/pages/evaluate/points";
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
