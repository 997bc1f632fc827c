import { describe, expect, it } from "vitest";

import {
  formatAge,
  formatAgeDifference,
  formatAgeInterval,
  formatDuration,
  formatNumber,
  formatPercent,
  formatSigned,
} from "../src/i18n/format";

const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, " ");

describe("ages", () => {
  it.each([
    [123, "10 y 3 m", "10 岁 3 个月"],
    [120, "10 y", "10 岁"],
    [7, "7 m", "7 个月"],
    [0, "0 m", "0 个月"],
    [11.6, "1 y", "1 岁"],
    [23.49, "1 y 11 m", "1 岁 11 个月"],
  ])("%d months", (months, english, chinese) => {
    expect(plain(formatAge(months, "en"))).toBe(english);
    expect(plain(formatAge(months, "zh-Hans"))).toBe(chinese);
  });

  it("gives no sign to what rounds to nothing", () => {
    expect([formatNumber(-0.001, "en", 2), formatNumber(-0.4, "en"), formatNumber(-0.006, "en", 2)]).toEqual(["0.00", "0", "−0.01"]);
  });

  it("gives both ends of an interval", () => {
    expect(plain(formatAgeInterval([110, 134], "en"))).toBe("9 y 2 m – 11 y 2 m");
  });

  it("gives a difference its sign, and none to nothing", () => {
    expect(plain(formatAgeDifference(14, "en"))).toBe("+1 y 2 m");
    expect(plain(formatAgeDifference(-3, "zh-Hans"))).toBe("−3 个月");
    expect(plain(formatAgeDifference(0.3, "en"))).toBe("0 m");
    expect(plain(formatAgeDifference(-24, "zh-Hans"))).toBe("−2 年");
  });
});

describe("numbers", () => {
  it("groups thousands with a narrow space", () => {
    expect(formatNumber(1229, "en")).toBe("1\u202f229");
    expect(formatNumber(1234567.891, "zh-Hans", 2)).toBe("1\u202f234\u202f567.89");
    expect(formatNumber(999, "en")).toBe("999");
  });

  it("writes a true minus, and a plus only where there is something to add", () => {
    expect(formatSigned(-1.25, "en", 1)).toMatch(/^−1\.[23]$/);
    expect(formatSigned(0.04, "en", 1)).toBe("0.0");
    expect(formatSigned(0.26, "en", 1)).toBe("+0.3");
  });

  it("writes shares as percent", () => {
    expect(plain(formatPercent(0.894, "en"))).toBe("89 %");
  });

  it("writes times that machines take", () => {
    expect(plain(formatDuration(250, "en"))).toBe("4 min 10 s");
    expect(plain(formatDuration(3900, "en"))).toBe("1 h 05 min");
    expect(plain(formatDuration(9, "zh-Hans"))).toBe("9 秒");
  });
});
