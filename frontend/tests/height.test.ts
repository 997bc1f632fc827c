import { describe, expect, it } from "vitest";

import { checkHeight, dayOf, daysBetween, NO_HEIGHT, type HeightEntry } from "../src/core/height";

const TODAY = "2026-03-10";
const RECEIVED = "2026-03-05";
const entry = (changed: Partial<HeightEntry>): HeightEntry => ({ ...NO_HEIGHT, cm: 142.3, sameDay: false, ...changed });
const check = (changed: Partial<HeightEntry>) => checkHeight(entry(changed), TODAY, RECEIVED);

describe("days between a height and its film", () => {
  it("counts whole days over a change of the clock and a leap day", () => {
    expect(daysBetween("2026-03-28", "2026-03-30")).toBe(2);
    expect(daysBetween("2024-02-28", "2024-03-01")).toBe(2);
    expect(daysBetween("2026-03-01", "2026-02-17")).toBe(-12);
    expect(daysBetween("", "2026-02-17")).toBeNull();
  });

  it("names a day as date fields do", () => {
    expect(dayOf(new Date(2026, 0, 5, 23, 59))).toBe("2026-01-05");
  });
});

describe("what can be sent", () => {
  it("asks for the height and the day; neither is taken for granted", () => {
    expect(checkHeight(NO_HEIGHT, TODAY, RECEIVED).ready).toBe(false);
    expect(check({ sameDay: null }).ready).toBe(false);
    expect(check({ sameDay: true, cm: null }).ready).toBe(false);
    expect(check({ sameDay: true })).toEqual({ days: 0, problems: [], ready: true });
  });

  it("takes another day as its distance from the film", () => {
    expect(check({ measuredOn: "2026-02-17", filmOn: "2026-03-01" })).toEqual({ days: -12, problems: [], ready: true });
    expect(check({ measuredOn: "2026-02-17" }).ready).toBe(false);
  });

  it("refuses days that cannot be", () => {
    expect(check({ measuredOn: "2026-03-11", filmOn: "2026-03-01" }).problems).toEqual(["future"]);
    expect(check({ measuredOn: "2026-03-09", filmOn: "2026-03-11" }).problems).toEqual(["filmFuture"]);
    expect(check({ measuredOn: "2026-03-04", filmOn: "2026-03-06" }).problems).toEqual(["filmLater"]);
    expect(check({ measuredOn: TODAY, filmOn: RECEIVED }).ready).toBe(true);
  });

  it("refuses a height more than 92 days from the film", () => {
    expect(check({ measuredOn: "2025-11-29", filmOn: "2026-03-01" })).toMatchObject({ days: -92, ready: true });
    expect(check({ measuredOn: "2025-11-28", filmOn: "2026-03-01" }).problems).toEqual(["far"]);
  });

  it("refuses metres, inches and millimetres", () => {
    for (const cm of [1.42, 56, 74.9, 220.1, 1423]) expect(check({ sameDay: true, cm }).problems).toEqual(["cm"]);
    for (const cm of [75, 220]) expect(check({ sameDay: true, cm }).ready).toBe(true);
  });
});
