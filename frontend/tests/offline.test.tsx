/** While the server cannot be reached: what makes way for the banner knows its height, and a page that failed comes by itself. */
import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { render, screen, waitFor } from "@testing-library/react";
import type { ReactNode } from "react";
import { beforeEach, describe, expect, it, vi } from "vitest";

import { makeQueryClient } from "../src/api/queryClient";
import { OfflineBanner } from "../src/app/OfflineBanner";
import { PageFailed } from "../src/app/RouteProblems";
import { startI18n } from "../src/i18n";

const health = { status: "ok", version: "1", database: "ok", worker: { alive: true, last_seen_at: null }, model: { active: null } };
let reachable = true;

beforeEach(async () => {
  await startI18n("en");
  reachable = true;
  vi.stubGlobal("fetch", () =>
    reachable ? Promise.resolve(new Response(JSON.stringify(health), { status: 200 })) : Promise.reject(new TypeError("no network")),
  );
});

function show(element: ReactNode) {
  const client = makeQueryClient();
  render(
    <MantineProvider env="test">
      <QueryClientProvider client={client}>{element}</QueryClientProvider>
    </MantineProvider>,
  );
  return client;
}

describe("a page that could not be loaded", () => {
  it("says that the server is away, and loads itself again once it is back", async () => {
    reachable = false;
    const reload = vi.fn();
    const client = show(<PageFailed reload={reload} />);
    await screen.findByText(/server cannot be reached/);
    expect(screen.queryByRole("button")).toBeNull();
    expect(reload).not.toHaveBeenCalled();
    reachable = true;
    await client.refetchQueries({ queryKey: ["health"] });
    await waitFor(() => expect(reload).toHaveBeenCalledOnce());
  });

  it("offers to load again where the server is there", async () => {
    const reload = vi.fn();
    show(<PageFailed reload={reload} />);
    expect(await screen.findByRole("button", { name: "Load again" })).not.toBeNull();
    expect(screen.getByText(/a new version has been installed/)).not.toBeNull();
    expect(reload).not.toHaveBeenCalled();
  });
});

describe("the banner", () => {
  it("tells headers and rooms how high it is, as long as it is there", async () => {
    reachable = false;
    vi.spyOn(HTMLElement.prototype, "offsetHeight", "get").mockReturnValue(33);
    const client = show(<OfflineBanner />);
    await screen.findByRole("alert");
    expect(document.documentElement.style.getPropertyValue("--banner")).toBe("33px");
    reachable = true;
    await client.refetchQueries({ queryKey: ["health"] });
    await waitFor(() => expect(screen.queryByRole("alert")).toBeNull());
    expect(document.documentElement.style.getPropertyValue("--banner")).toBe("");
  });
});
