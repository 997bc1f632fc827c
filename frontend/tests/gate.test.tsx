import { MantineProvider } from "@mantine/core";
import { render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { Outlet, type RouteObject } from "react-router";
import { beforeEach, describe, expect, it, vi } from "vitest";

import type { Radiograph } from "../src/api/types";
import { startI18n } from "../src/i18n";
import { Component as BlockedListPage } from "../src/pages/blocked/BlockedListPage";
import { Component as RedactPage } from "../src/pages/blocked/RedactPage";
import { Component as IntakePage } from "../src/pages/intake/IntakePage";
import { digitsFor, Quality } from "../src/pages/study/FilmFacts";
import { UploadProvider } from "../src/panels/upload/UploadContext";
import { showRoutes } from "./show";

type Answer = { status?: number; body: unknown };
type Calls = { method: string; path: string; query: string; body: unknown }[];

/** A server of answers by "METHOD path"; whatever else is asked fails the test. */
function serve(answers: Record<string, Answer | (() => Answer)>): Calls {
  const calls: Calls = [];
  vi.stubGlobal("fetch", (address: string, init: RequestInit = {}) => {
    const method = init.method ?? "GET";
    const [path = "", query = ""] = address.replace("/api/v1", "").split("?");
    calls.push({ method, path, query, body: init.body ? JSON.parse(String(init.body)) : null });
    const answer = answers[`${method} ${path}`];
    if (!answer) throw new Error(`unexpected call ${method} ${path}`);
    const { status = 200, body } = typeof answer === "function" ? answer() : answer;
    return Promise.resolve(new Response(body instanceof Uint8Array ? (body as BodyInit) : JSON.stringify(body), { status }));
  });
  return calls;
}

function show(path: string) {
  const routes: RouteObject[] = [
    { path: "/intake", element: <IntakePage /> },
    { path: "/blocked", element: <BlockedListPage /> },
    { path: "/blocked/:id", element: <RedactPage /> },
    { path: "/studies/:id", element: <p>the study</p> },
  ];
  const uploads = (
    <UploadProvider>
      <Outlet />
    </UploadProvider>
  );
  return showRoutes([{ element: uploads, children: routes }], path).router;
}

const session = (...roles: string[]) => ({
  body: { user: { id: "p1", username: "ana", display_name: "Ana", roles, language: "en" }, site: { mode: "research", version: "1", demonstration: false } },
});
const intake = { waiting: 2, oldest_waiting_seconds: 61, blocked: 3, mode: "research", counts: [{ door: "c_store", result: "received", count: 1200 }] };
const record = {
  at: "2026-01-01T00:00:00Z", door: "stow", result: "rejected", study: null, by: null, cohort: null,
  reason: { code: "not_dicom", message: "Not DICOM.", message_zh: "不是 DICOM。" },
};
const noRecords = { "GET /intake/records": { body: { results: [], next: null } } };
const noCohorts = { "GET /cohorts": { body: { results: [], next: null, total: 0 } } };

beforeEach(async () => {
  await startI18n("en");
});

describe("the intake page", () => {
  it("calls reviewers to the blocked films, and only them", async () => {
    serve({ "GET /session": session("reviewer"), "GET /intake": { body: intake }, ...noRecords, ...noCohorts });
    show("/intake");
    expect((await screen.findByRole("link", { name: "Look at them" })).getAttribute("href")).toBe("/blocked");
    expect(screen.getByText("The oldest has waited for 1 min 01 s.")).toBeTruthy();
  });

  it("tells others who looks at them", async () => {
    serve({ "GET /session": session("labeller"), "GET /intake": { body: intake }, ...noRecords });
    show("/intake");
    expect(await screen.findByText(/A reviewer looks at them/)).toBeTruthy();
    expect(screen.queryByRole("link", { name: "Look at them" })).toBeNull();
  });

  it("keeps its filters in the address and asks the server by them", async () => {
    const calls = serve({ "GET /session": session("labeller"), "GET /intake": { body: intake }, "GET /intake/records": { body: { results: [record], next: null } } });
    const router = show("/intake?result=rejected&door=nowhere");
    expect(await screen.findByText("Not DICOM.")).toBeTruthy();
    expect(calls.find(({ path }) => path === "/intake/records")?.query).toBe("result=rejected&limit=50");
    await userEvent.click(screen.getByRole("button", { name: "Clear filters" }));
    await waitFor(() => expect(router.state.location.search).toBe(""));
  });

  it("fails in place and goes on working elsewhere on the page", async () => {
    serve({
      "GET /session": session("labeller"),
      "GET /intake": { status: 403, body: { error: { code: "forbidden", message: "x", details: {} } } },
      "GET /intake/records": { body: { results: [record], next: null } },
    });
    show("/intake");
    expect((await screen.findByRole("alert")).textContent).toContain("roles do not allow");
    expect(await screen.findByText("Not DICOM.")).toBeTruthy();
  });
});

describe("a blocked film", () => {
  const film = {
    id: "f1", at: "2026-01-01T00:00:00Z", door: "upload", rows: 4, columns: 4, window: { center: 1, width: 2, function: "linear" }, windows: [],
    pixels_url: "/api/v1/blocked/f1/pixels", view: { quarter_turns: 0, mirrored: false }, regions: [{ x0: 0, y0: 0, x1: 3, y1: 3 }], synthetic: true,
  };
  const row = (id: string) => ({ id, at: film.at, door: "upload", rows: 4, columns: 4, regions: 1, synthetic: true });
  const answers = {
    "GET /session": session("reviewer"),
    "GET /blocked/f1": { body: film },
    "GET /blocked/f2": { body: { ...film, id: "f2" } },
    "GET /blocked/f1/pixels": { body: new Uint8Array(32) },
    "GET /blocked": { body: { results: [row("f1"), row("f2")], next: null, total: 2 } },
  };

  it("warns, takes a found place by one press, and brings the next when released", async () => {
    const calls = serve({ ...answers, "POST /blocked/f1/release": { body: { id: "f1", file: "", outcome: "received", reason: null, study: "s1" } } });
    const router = show("/blocked/f1");
    expect(await screen.findByText("This picture may show who the child is")).toBeTruthy();
    await userEvent.click(screen.getByTestId("place-found-1"));
    expect(screen.getByText("The place found is covered.")).toBeTruthy();
    await userEvent.click(screen.getByTestId("release"));
    await waitFor(() => expect(router.state.location.pathname).toBe("/blocked/f2"));
    const sent = calls.find(({ method }) => method === "POST")?.body;
    expect(sent).toEqual({ rectangles: [{ x0: 0, y0: 0, x1: 4, y1: 4 }], no_writing: false });
  });

  it("is released without rectangles only by a person's confirmed word", async () => {
    const calls = serve({ ...answers, "POST /blocked/f1/release": { body: { id: "f1", file: "", outcome: "received", reason: null, study: "s1" } }, "GET /blocked": { body: { results: [row("f1")], next: null, total: 1 } } });
    const router = show("/blocked/f1");
    await userEvent.click(await screen.findByTestId("release"));
    expect(screen.getByTestId("message").textContent).toContain("Nothing is drawn yet");
    await userEvent.click(screen.getByTestId("no-writing"));
    expect(calls.some(({ method }) => method === "POST")).toBe(false);
    await userEvent.click(await screen.findByTestId("no-writing-confirm"));
    await waitFor(() => expect(router.state.location.pathname).toBe("/studies/s1"));
    expect(calls.find(({ method }) => method === "POST")?.body).toEqual({ rectangles: [], no_writing: true });
  });

  it("stays, with what is found on it now, while writing is still found", async () => {
    let regions = film.regions;
    serve({
      ...answers,
      "GET /blocked/f1": () => ({ body: { ...film, regions } }),
      "POST /blocked/f1/release": () => {
        regions = [{ x0: 3, y0: 3, x1: 4, y1: 4 }, { x0: 1, y0: 3, x1: 2, y1: 4 }];
        return { body: { id: "f1", file: "", outcome: "blocked", reason: null, study: null } };
      },
    });
    const router = show("/blocked/f1");
    await userEvent.click(await screen.findByTestId("place-found-1"));
    await userEvent.click(screen.getByTestId("release"));
    await waitFor(() => expect(screen.getByTestId("message").textContent).toContain("still found in 2 places"));
    expect(router.state.location.pathname).toBe("/blocked/f1");
  });

  it("that somebody else has decided about brings the next", async () => {
    serve({ ...answers, "POST /blocked/f1/release": { status: 409, body: { error: { code: "already_decided", message: "x", details: {} } } } });
    const router = show("/blocked/f1");
    await userEvent.click(await screen.findByTestId("place-found-1"));
    await userEvent.click(screen.getByTestId("release"));
    await waitFor(() => expect(router.state.location.pathname).toBe("/blocked/f2"));
  });

  it("is refused with a reason, never without", async () => {
    const calls = serve({ ...answers, "POST /blocked/f1/refuse": { body: { id: "f1", file: "", outcome: "rejected", reason: null, study: null } } });
    const router = show("/blocked/f1");
    await userEvent.click(await screen.findByTestId("refuse"));
    await userEvent.click(await screen.findByTestId("refuse-confirm"));
    expect(screen.getByText("Say why it is refused.")).toBeTruthy();
    await userEvent.type(screen.getByTestId("refuse-reason"), "A photograph.");
    await userEvent.click(screen.getByTestId("refuse-confirm"));
    await waitFor(() => expect(router.state.location.pathname).toBe("/blocked/f2"));
    expect(calls.find(({ method }) => method === "POST")?.body).toEqual({ reason: "A photograph." });
  });
});

describe("quality findings", () => {
  it("come worst first, with what was measured and the limit", () => {
    const findings: Radiograph["quality"] = [
      { code: "a", severity: "info", value: 90, threshold: 45, message_en: "Turned.", message_zh: "" },
      { code: "b", severity: "blocking", value: 0.01234, threshold: 0.05, message_en: "Cut.", message_zh: "" },
    ];
    render(
      <MantineProvider env="test">
        <Quality findings={findings} />
      </MantineProvider>,
    );
    const items = screen.getAllByRole("listitem");
    expect(within(items[0] as HTMLElement).getByText("Measured 0.0123; the limit is 0.05")).toBeTruthy();
    expect(within(items[1] as HTMLElement).getByText("Measured 90; the limit is 45")).toBeTruthy();
  });

  it("show three figures that count", () => {
    expect([0, 90, 0.5, 12.345, 1234.5, 0.00123].map(digitsFor)).toEqual([0, 0, 1, 1, 0, 4]);
  });
});
