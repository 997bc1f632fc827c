import { QueryClient } from "@tanstack/react-query";
import { matchRoutes } from "react-router";
import { afterEach, describe, expect, it, vi } from "vitest";

import { askAhead, forgetAhead, takeAhead } from "../src/api/ahead";
import { call } from "../src/api/client";
import { pageAt, ROOMS, SHELL_PAGES, SIGN_IN } from "../src/app/pages";
import { routes } from "../src/app/router";

const PAGES = [...SHELL_PAGES, ...ROOMS, SIGN_IN];
/** Every page's address with its varying parts filled in, and with what may be missing left out. */
const ADDRESSES = PAGES.flatMap(({ path }) => {
  const whole = `/${path.replaceAll(/:\w+\??/g, "part-7")}`;
  return path.endsWith("?") ? [whole, `/${path.replace(/\/:\w+\?$/, "").replaceAll(/:\w+/g, "part-7")}`] : [whole];
});

describe("the page at an address, found without the router", () => {
  const all = routes(new QueryClient());

  it.each([...ADDRESSES, "/runs/", "/evaluate/1/", "/runs/compare?runs=1", "/nowhere", "/runs/1/2", "/studies/1/a/b", "/label"])(
    "%s is the router's",
    (address) => {
      const { pathname } = new URL(address, "http://here");
      const chosen = matchRoutes(all, address)?.at(-1);
      const found = pageAt(pathname);
      expect(found?.page.load).toBe(chosen?.route.lazy);
      if (found) expect({ ...found.params }).toEqual({ ...chosen?.params });
    },
  );

  it("asks for an evaluation with the filter of the address, and for nothing that the filter does not name", () => {
    const { page, params } = pageAt("/evaluate/e1") ?? {};
    expect(page?.asks?.(params ?? {}, new URLSearchParams("sex=F&view=cases"))).toEqual([
      ["/evaluations/e1"],
      ["/evaluations/e1/figures/headline", { sex: "F" }],
      ["/evaluations/e1/figures/table3", { sex: "F" }],
    ]);
  });
});

describe("what was asked ahead", () => {
  const answers = (...texts: string[]) => {
    const sent = vi.fn<typeof fetch>();
    for (const text of texts) sent.mockResolvedValueOnce(new Response(JSON.stringify(text)));
    vi.stubGlobal("fetch", sent);
    return sent;
  };
  afterEach(() => {
    forgetAhead();
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });

  it("answers the same request once; the next one is sent", async () => {
    const sent = answers("ahead", "later");
    askAhead("/x", { sex: "F" });
    expect(await call("/x", { query: { sex: "F" } })).toBe("ahead");
    expect(await call("/x", { query: { sex: "F" } })).toBe("later");
    expect(sent).toHaveBeenCalledTimes(2);
  });

  it("is no answer to another request", async () => {
    answers("ahead", "other");
    askAhead("/x", { sex: "F" });
    expect(await call("/x")).toBe("other");
  });

  it("is forgotten once somebody changes something or signs in", async () => {
    answers("before", "signed in", "after");
    askAhead("/session");
    await call("/session", { method: "POST", body: {} });
    expect(await call("/session")).toBe("after");
  });

  it("is forgotten after a while", () => {
    vi.useFakeTimers();
    answers("old");
    askAhead("/x");
    vi.advanceTimersByTime(10_001);
    expect(takeAhead("/api/v1/x")).toBeNull();
  });

  it("tells whoever takes it that the server cannot be reached", async () => {
    vi.stubGlobal("fetch", vi.fn<typeof fetch>().mockRejectedValue(new TypeError("no network")));
    askAhead("/x");
    await expect(call("/x")).rejects.toMatchObject({ code: "offline" });
  });
});
