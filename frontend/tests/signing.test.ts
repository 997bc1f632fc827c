import { describe, expect, it } from "vitest";

import type { StudyResult } from "../src/api/types";
import { farFromAge, offers } from "../src/pages/study/SignDialog";

const sds = [{ table: "a", sd_months: 10 }, { table: "b", sd_months: null }];
const result = (changed: object): StudyResult =>
  ({
    prediction: { bone_age_months: 120, outdated: false },
    calibration: null,
    truth: null,
    chronological_age_months: 100,
    sds,
    ...changed,
  }) as unknown as StudyResult;

describe("what can be signed", () => {
  it("offers the approved age first, then the corrected, then the model's", () => {
    const all = result({ truth: { bone_age_months: 118 }, calibration: { bone_age_months: 115 } });
    expect(offers(all)).toEqual([
      { basis: "consensus", months: 118 },
      { basis: "calibrated", months: 115 },
      { basis: "model", months: 120 },
    ]);
  });

  it("does not offer a model's age that rests on facts that were changed since", () => {
    expect(offers(result({ prediction: { bone_age_months: 120, outdated: true } }))).toEqual([]);
  });

  it("asks to check identity beyond three SD of a table, and not where no table reaches", () => {
    expect(farFromAge(result({}), 130)).toBe(false);
    expect(farFromAge(result({}), 130.1)).toBe(true);
    expect(farFromAge(result({ sds: [sds[1]] }), 200)).toBe(false);
    expect(farFromAge(result({ chronological_age_months: null }), 200)).toBe(false);
  });
});
