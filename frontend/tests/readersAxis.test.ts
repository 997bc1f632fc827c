import { describe, expect, it } from "vitest";

import { monthsAxis } from "../src/pages/readers/ReaderAltman";

describe("the axis of differences between readers", () => {
  it("has its ticks at half and whole years, zero among them, and holds every point", () => {
    expect(monthsAxis(41)).toEqual({ reach: 48, ticks: [-48, -24, 0, 24, 48] });
    expect(monthsAxis(2)).toEqual({ reach: 6, ticks: [-6, 0, 6] });
    for (const furthest of [0, 6, 6.1, 18, 36.5, 72, 90, 200]) {
      const { reach, ticks } = monthsAxis(furthest);
      expect(reach).toBeGreaterThanOrEqual(furthest);
      expect(ticks.at(0)).toBe(-reach);
      expect(ticks.at(-1)).toBe(reach);
      expect(ticks).toContain(0);
      expect(ticks.every((tick) => tick % 6 === 0)).toBe(true);
    }
  });
});
