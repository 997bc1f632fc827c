import { renderHook } from "@testing-library/react";
import { beforeEach, describe, expect, it } from "vitest";

import { ApiError } from "../src/api/client";
import { startI18n, switchLanguage } from "../src/i18n";
import { useErrorText } from "../src/panels/errorText";

const refusal = new ApiError("setting_least", "schedule.highest must be at least 1e-09, not 0.0.", 400, {
  settings: "schedule.highest",
  least: 1e-9,
  count: 1,
});

const text = (error: unknown): string => renderHook(() => useErrorText()).result.current(error);

describe("the sentence of a refusal", () => {
  beforeEach(() => void startI18n());

  it("names what the server names, in the person's language", async () => {
    await switchLanguage("en");
    expect(text(refusal)).toContain("schedule.highest must be at least 1e-9.");
    await switchLanguage("zh-Hans");
    expect(text(refusal)).toContain("schedule.highest 不得小于 1e-9");
  });

  it("is the server's own where the page has none for the code", async () => {
    await switchLanguage("zh-Hans");
    expect(text(new ApiError("some_new_code", "Do this instead.", 409))).toBe("Do this instead.");
  });
});
