import { describe, expect, it } from "vitest";

import { together } from "../src/pages/runs/curvePoints";
import { differing, settingsOf, settingText, settingValue } from "../src/panels/settingText";

describe("settings of a training", () => {
  it("are read as numbers, lists, truth values or words, and written back the same", () => {
    for (const value of [0.001, 40, true, [8, 14.5, 24], "adamw", null]) {
      expect(settingValue(settingText(value))).toEqual(value);
    }
    expect(settingValue("1e-3")).toBe(0.001);
    expect(settingValue(" sgd ")).toBe("sgd");
  });

  it("are the preset's with the run's own laid over, and two runs differ in what is not the same", () => {
    const presets = [{ name: "tiny", settings: { steps: 180, batch: 6, "detector.anchors": [8, 14] } }];
    const plain = settingsOf(presets, { preset: "tiny", overrides: {} });
    const changed = settingsOf(presets, { preset: "tiny", overrides: { steps: 40 } });
    expect(changed).toEqual({ steps: 40, batch: 6, "detector.anchors": [8, 14] });
    expect(differing(plain, changed)).toEqual(["steps"]);
    expect(differing(plain, settingsOf(presets, { preset: "gone", overrides: { x: 1 } }))).toEqual([
      "steps",
      "batch",
      "detector.anchors",
      "x",
    ]);
  });
});

describe("two learning curves", () => {
  it("are put together by step, in one stage and one measure", () => {
    const first = [
      { step: 1, phase: "fit", loss: 3 },
      { step: 5, phase: "fit", loss: 2 },
      { step: 1, phase: "other", loss: 9 },
    ];
    const second = [{ step: 5, phase: "fit", loss: 1, rate: 4 }, { step: 2, phase: "fit", rate: 4 }];
    expect(together(first, second, "fit", "loss")).toEqual([
      { step: 1, first: 3 },
      { step: 5, first: 2, second: 1 },
    ]);
  });
});
