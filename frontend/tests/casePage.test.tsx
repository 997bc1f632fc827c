/** A case of an imported evaluation: its picture with its facts, the way to the next one and back. */
import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";

import type { EvaluationCaseDetail } from "../src/api/types";
import { startI18n } from "../src/i18n";
import { Component as CasePage } from "../src/pages/evaluate/CasePage";
import { backPath, cameFrom, caseOrderOf, casePath } from "../src/pages/evaluate/caseFilter";
import { showRoutes } from "./show";

beforeAll(async () => {
  await startI18n("en");
});

const HASH = "75d4820e" + "0".repeat(56);

const detail = (row: number, changes: Partial<EvaluationCaseDetail> = {}): EvaluationCaseDetail => ({
  row,
  film: `film-${row}`,
  study: null,
  sex: "F",
  truth_months: 120,
  predicted_months: 160,
  difference_months: 40,
  chronological_age_months: null,
  interval_months: [150, 170],
  refusal: "",
  rejected: "",
  quality: "",
  thumbnail_url: null,
  pseudonym: null,
  radiograph: null,
  picture: {
    pixels_url: `/api/v1/evaluations/e1/cases/${row}/pixels`,
    rows: 2,
    columns: 3,
    original_rows: 1800,
    original_columns: 1400,
    window: { center: 127.5, width: 255, function: "linear_exact" },
    snapshot: HASH,
    truth_origin: "rsna_2017_label",
    box_sources: ["voc881"],
  },
  boxes: [],
  labelled: [{ region: "radius", x0: 0, y0: 0, x1: 2, y1: 2, score: null }],
  reads: [],
  consensus: null,
  model: { id: "m1", label: "light", hash: "a".repeat(64), files: { "detector/weights.h5": "b".repeat(64) } },
  synthetic: true,
  truth_is_model: false,
  neighbours: { place: 2, total: 9, previous: 4, next: 8 },
  ...changes,
});

let cases: Record<number, EvaluationCaseDetail>;
let asked: string[];

beforeEach(() => {
  cases = { 5: detail(5), 8: detail(8, { neighbours: { place: 9, total: 9, previous: 5, next: null } }) };
  asked = [];
  vi.stubGlobal("fetch", (input: RequestInfo | URL) => {
    const url = new URL(String(input instanceof Request ? input.url : input), "http://site");
    asked.push(url.pathname + url.search);
    if (url.pathname.endsWith("/pixels")) return Promise.resolve(new Response(new Uint8Array(12)));
    const found = cases[Number(url.pathname.split("/").at(-1))];
    return Promise.resolve(Response.json(found ?? { error: { code: "not_found", message: "gone" } }, { status: found ? 200 : 404 }));
  });
});

function open(address: string) {
  const routes = [
    { path: "/evaluate/:id/cases/:row", element: <CasePage /> },
    { path: "/evaluate/:id", element: <p>the evaluation</p> },
  ];
  return showRoutes(routes, address).router;
}

const here = (router: ReturnType<typeof open>) => router.state.location.pathname + router.state.location.search;

describe("a case of elsewhere", () => {
  it("says how large its picture is, where it comes from and what the model said", async () => {
    open("/evaluate/e1/cases/5");
    expect((await screen.findByTestId("picture-note")).textContent).toBe("3 x 2 px, from snapshot 75d4820e");
    const facts = screen.getByTestId("case-picture").textContent;
    expect(facts).toMatch(/1\s400 x 1\s800 px/);
    expect(facts).toContain("Label of RSNA 2017");
    expect(facts).toContain("voc881");
    expect(screen.getByTestId("case-difference").textContent).toMatch(/\+3\sy\s4\sm/);
    expect(screen.getByTestId("case-model").textContent).toContain("b".repeat(64));
    await vi.waitFor(() => expect(asked).toContain("/api/v1/evaluations/e1/cases/5/pixels"));
  });

  it("has boxes that can be switched off, and pixels that can be blended for all that follow", async () => {
    open("/evaluate/e1/cases/5");
    const boxes = await screen.findByTestId("tool-boxes");
    const drawn = () => document.querySelectorAll(".film-box").length;
    expect(drawn()).toBe(1);
    await userEvent.click(boxes);
    expect([drawn(), boxes.getAttribute("aria-pressed")]).toEqual([0, "false"]);
    await userEvent.click(screen.getByTestId("tool-sharp"));
    await userEvent.keyboard("d");
    expect(await screen.findByText("9 of 9")).toBeTruthy();
    expect(screen.getByTestId("tool-sharp").getAttribute("aria-pressed")).toBe("false");
    expect(drawn()).toBe(0);
  });

  it("leads on in the order of the list and back to where one was", async () => {
    const router = open("/evaluate/e1/cases/5?view=cases&sex=F&order=too_old");
    await screen.findByText("2 of 9");
    await userEvent.keyboard("d");
    expect(here(router)).toBe("/evaluate/e1/cases/8?view=cases&sex=F&order=too_old");
    await screen.findByText("9 of 9");
    expect(asked).toContain("/api/v1/evaluations/e1/cases/8?sex=F&order=too_old");
    expect((screen.getByTestId("case-next") as HTMLButtonElement).disabled).toBe(true);
    await userEvent.keyboard("d");
    expect(here(router)).toContain("/cases/8");
    await userEvent.keyboard("a");
    expect(here(router)).toContain("/cases/5");
    await screen.findByText("2 of 9");
    await userEvent.click(screen.getByTestId("case-back"));
    expect(here(router)).toBe("/evaluate/e1?view=cases&sex=F&order=too_old&case=5");
  });

  it("without a picture says how to get it", async () => {
    cases[5] = detail(5, { picture: null, labelled: [] });
    open("/evaluate/e1/cases/5");
    expect(await screen.findByText("No picture here")).toBeTruthy();
    expect(screen.getByText(/manage.py import_evaluation --report REPORT/)).toBeTruthy();
    expect(screen.queryByTestId("case-picture")).toBeNull();
    expect(screen.getByTestId("case-numbers").textContent).not.toContain("Boxes");
  });

  it("that is not there leaves the way back", async () => {
    const router = open("/evaluate/e1/cases/77?sex=F");
    expect(await screen.findByRole("alert")).toBeTruthy();
    await userEvent.click(screen.getByTestId("case-back"));
    expect(here(router)).toBe("/evaluate/e1?sex=F&case=77");
  });
});

describe("the address of a case", () => {
  it("keeps filter, view and part of a plot, and forgets the film before", () => {
    const address = new URLSearchParams("view=cases&sex=M&plot=scatter&x_from_months=3&case=12");
    expect(caseOrderOf(address)).toEqual({ sex: "M", order: "largest_error", plot: "scatter", x_from_months: "3" });
    expect(casePath("e1", 7, address)).toBe("/evaluate/e1/cases/7?view=cases&sex=M&plot=scatter&x_from_months=3");
    const back = backPath("e1", "7", address);
    expect(back).toBe("/evaluate/e1?view=cases&sex=M&plot=scatter&x_from_months=3&case=7");
    expect(cameFrom(new URLSearchParams(back.split("?")[1]))).toBe(7);
    expect(cameFrom(new URLSearchParams())).toBeNull();
  });
});
