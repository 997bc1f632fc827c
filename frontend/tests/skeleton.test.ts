import { describe, expect, it } from "vitest";

import { formatAge } from "../src/i18n/format";

describe("formatAge", () => {
  it("writes years and months with their units", () => {
    expect(formatAge(123, "en").replaceAll("\u00a0", " ")).toBe("10 y 3 m");
    expect(formatAge(123, "zh-Hans").replaceAll("\u00a0", " ")).toBe("10 岁 3 个月");
  });
});
