/** The page of the consensus: what was written stays, and a decision leads on. */
import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";

import { startI18n } from "../src/i18n";
import { formatAgeDistance } from "../src/i18n/format";
import { Component as ConsensusPage } from "../src/pages/consensus/ConsensusPage";
import { showRoutes } from "./show";

vi.mock("../src/canvas/FilmView", () => ({ FilmView: () => <p>the film</p> }));

const reads = [
  { label: "A", bone_age_months: 75, plate_months: null },
  { label: "B", bone_age_months: 115, plate_months: null },
];
const film = (id: string, more: object = {}) => ({
  id, pseudonym: id.toUpperCase(), sex: "F", synthetic: true, priority: "normal", thumbnail_url: null, reads, unreadable: [], history: [],
  difference_months: 40, bone_age_months: null, origin: null, reason: "", status: "adjudicating", can: ["settle"], radiograph_detail: {}, ...more,
});

/** Films of the list by id, as the server has them; a decision changes its film and takes it off the list. */
function serve(films: Record<string, ReturnType<typeof film>>, listed: string) {
  vi.stubGlobal("fetch", (address: string, init: RequestInit = {}) => {
    const [path = ""] = address.replace("/api/v1", "").split("?");
    const [, , id = "", verb] = path.split("/");
    let body: unknown = { user: { id: "p", username: "a", display_name: "A", roles: ["adjudicator", "reviewer"], language: "en" }, site: {} };
    if (path === "/consensus") body = { results: Object.values(films).filter((one) => one.status === listed), next: null };
    else if (path.startsWith("/consensus/")) {
      const given = init.body ? (JSON.parse(String(init.body)) as { bone_age_months?: number }) : {};
      if (verb === "settle") films[id] = film(id, { status: "settled", can: [], bone_age_months: given.bone_age_months });
      if (verb === "approve") films[id] = film(id, { ...films[id], status: "approved", can: ["reopen"] });
      body = films[id];
    }
    return Promise.resolve(new Response(JSON.stringify(body), { status: 200 }));
  });
}

function show(address: string) {
  return showRoutes([{ path: "/consensus", element: <ConsensusPage /> }], address).router;
}

beforeEach(async () => {
  await startI18n("en");
});

describe("settling", () => {
  it("keeps the written reason when a value is taken from a read, and takes a value as often as it is asked for", async () => {
    serve({ a: film("a") }, "adjudicating");
    show("/consensus?status=adjudicating&film=a");
    await userEvent.type(await screen.findByTestId("settle-reason"), "carpals of seven years");
    await userEvent.click(screen.getByTestId("take-A"));
    expect(screen.getByTestId<HTMLTextAreaElement>("settle-reason").value).toBe("carpals of seven years");
    await userEvent.clear(screen.getByTestId("settle-months"));
    await userEvent.click(screen.getByTestId("take-A"));
    expect(screen.getByTestId<HTMLInputElement>("settle-months").value).toBe("3");
    await userEvent.click(screen.getByTestId("settle"));
    await waitFor(() => expect(screen.getByTestId("decided").textContent).toBe("A: settled at 6\u00a0y\u00a03\u00a0m. A reviewer approves it next."));
  });
});

describe("approving one after the other", () => {
  const agreed = (id: string) => film(id, { status: "agreed", bone_age_months: 75, can: ["approve", "reopen"] });

  it("goes on to the film that followed, not to the first, and says what became of the last", async () => {
    serve({ a: agreed("a"), b: agreed("b"), c: agreed("c") }, "agreed");
    const router = show("/consensus?status=agreed&film=b");
    await userEvent.click(await screen.findByTestId("approve"));
    await waitFor(() => expect(router.state.location.search).toContain("film=c"));
    expect(screen.getByTestId("decided").textContent).toBe("B: 6\u00a0y\u00a03\u00a0m approved.");
    expect(document.activeElement?.className).toBe("consensus-film");
  });

  it("stays at the last film of the list", async () => {
    serve({ a: agreed("a"), b: agreed("b") }, "agreed");
    const router = show("/consensus?status=agreed&film=b");
    await userEvent.click(await screen.findByTestId("approve"));
    await waitFor(() => expect(screen.getByTestId("consensus-detail").dataset["status"]).toBe("approved"));
    expect(router.state.location.search).toContain("film=b");
  });
});

it("a distance of two ages counts years, not years of age", () => {
  expect(formatAgeDistance(-40, "zh-Hans")).toBe("3\u00a0年\u00a04\u00a0个月");
  expect(formatAgeDistance(24, "en")).toBe("2\u00a0y");
  expect(formatAgeDistance(0.2, "zh-Hans")).toBe("0\u00a0个月");
});
