import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { ReactNode } from "react";
import { beforeEach, describe, expect, it, vi } from "vitest";

import { makeQueryClient } from "../src/api/queryClient";
import type { Study } from "../src/api/types";
import { Guard } from "../src/app/Guard";
import { startI18n, switchLanguage } from "../src/i18n";
import { AskSex } from "../src/pages/study/AskSex";
import { Component as SignInPage, safeNext } from "../src/pages/sign-in/SignInPage";
import { Component as StudiesPage } from "../src/pages/studies/StudiesPage";
import { UploadProvider } from "../src/panels/upload/UploadContext";
import { showRoutes } from "./show";

type Answer = { status?: number; body: unknown };
type Calls = { method: string; path: string; body: unknown }[];

/** A server of answers by "METHOD path"; whatever else is asked fails the test. */
function serve(answers: Record<string, Answer | (() => Answer)>): Calls {
  const calls: Calls = [];
  vi.stubGlobal("fetch", (address: string, init: RequestInit = {}) => {
    const method = init.method ?? "GET";
    const path = address.replace("/api/v1", "").split("?")[0] ?? "";
    calls.push({ method, path, body: init.body ? JSON.parse(String(init.body)) : null });
    const answer = answers[`${method} ${path}`];
    if (!answer) throw new Error(`unexpected call ${method} ${path}`);
    const { status = 200, body } = typeof answer === "function" ? answer() : answer;
    return Promise.resolve(new Response(status === 204 ? null : JSON.stringify(body), { status }));
  });
  return calls;
}

function show(element: ReactNode, path = "/") {
  const routes = [
    { path: "/", element },
    { path: "/home", element: <Guard />, children: [{ index: true, element: <p>the page</p> }] },
    { path: "/sign-in", element: <SignInPage /> },
  ];
  return showRoutes(routes, path).router;
}

const site = { mode: "research", version: "1", demonstration: false };
const person = { id: "p1", username: "ana", display_name: "Ana", roles: ["labeller"], language: "en" };
const health = { body: { status: "ok", version: "1", database: "ok", worker: { alive: true, last_seen_at: null }, model: { active: null } } };

beforeEach(async () => {
  await startI18n("en");
});

describe("signing in", () => {
  it("says in words why it did not work, and forgets the password", async () => {
    serve({
      "GET /session": { body: { user: null, site } },
      "POST /session": { status: 401, body: { error: { code: "wrong_credentials", message: "x", details: {} } } },
    });
    show(null, "/sign-in");
    await userEvent.type(await screen.findByLabelText(/User name/), "ana");
    await userEvent.type(screen.getByLabelText(/^Password/), "wrong");
    await userEvent.click(screen.getByRole("button", { name: "Sign in" }));
    expect((await screen.findByRole("alert")).textContent).toContain("do not fit");
    expect(screen.getByLabelText<HTMLInputElement>(/^Password/).value).toBe("");
  });

  it("keeps the language that was chosen on the form, over the one of the account", async () => {
    let user: typeof person | null = null;
    const calls = serve({
      "GET /session": () => ({ body: { user, site } }),
      "POST /session": () => {
        user = person;
        return { body: { user, site } };
      },
      "PATCH /session": () => {
        user = { ...person, language: "zh-Hans" };
        return { body: { user, site } };
      },
      "GET /health": health,
    });
    show(null, "/sign-in?next=%2Fhome");
    await userEvent.click(await screen.findByRole("button", { name: "切换到中文" }));
    await userEvent.type(await screen.findByLabelText(/用户名/), "ana");
    await userEvent.type(screen.getByLabelText(/^密码/), "right");
    await userEvent.click(screen.getByRole("button", { name: "登录" }));
    await screen.findByText("the page");
    expect(calls.filter(({ method }) => method === "PATCH").map(({ body }) => body)).toEqual([{ language: "zh-Hans" }]);
    expect(document.documentElement.lang).toBe("zh-Hans");
  });

  it("follows no address of another site", () => {
    expect(safeNext("/studies?q=1")).toBe("/studies?q=1");
    expect(safeNext("//evil.example")).toBe("/");
    expect(safeNext("/\\evil.example")).toBe("/");
    expect(safeNext("https://evil.example")).toBe("/");
    expect(safeNext(null)).toBe("/");
  });

  it("sends who is not signed in to the form, and back afterwards", async () => {
    serve({ "GET /session": { body: { user: null, site } }, "GET /health": health });
    const router = show(null, "/home");
    await screen.findByLabelText(/User name/);
    expect(router.state.location.pathname + router.state.location.search).toBe("/sign-in?next=%2Fhome");
  });

  it("asks over the page when the session has ended, and keeps the page", async () => {
    let user: typeof person | null = person;
    serve({ "GET /session": () => ({ body: { user, site } }), "GET /health": health });
    const client = makeQueryClient();
    showRoutes([{ path: "/", element: <Guard />, children: [{ index: true, element: <p>unsaved work</p> }] }], "/", client);
    await screen.findByText("unsaved work");
    user = null;
    await client.invalidateQueries({ queryKey: ["session"] });
    expect(await screen.findByText("Your session has ended")).toBeTruthy();
    expect(screen.getByText("unsaved work")).toBeTruthy();
  });
});

describe("a study without sex", () => {
  const study = { id: "s1", sex: null, can: ["set_facts", "predict"] } as unknown as Study;

  it("preselects nothing and records the answer; the server asks the model", async () => {
    const calls = serve({
      "POST /studies/s1/facts": { body: {} },
    });
    show(<AskSex study={study} />);
    const submit = await screen.findByRole<HTMLButtonElement>("button", { name: "Record and estimate" });
    expect(submit.disabled).toBe(true);
    expect(screen.getAllByRole<HTMLInputElement>("radio").filter((radio) => radio.checked)).toEqual([]);
    await userEvent.click(screen.getByLabelText("Female"));
    await userEvent.click(submit);
    await waitFor(() => expect(calls.map(({ path }) => path)).toEqual(["/studies/s1/facts"]));
    expect(calls[0]?.body).toEqual({ sex: "F" });
  });

  it("does not ask the model when the answer was refused", async () => {
    const calls = serve({
      "POST /studies/s1/facts": { status: 409, body: { error: { code: "contradictory_sex", message: "x", details: {} } } },
    });
    show(<AskSex study={study} />);
    await userEvent.click(await screen.findByLabelText("Male"));
    await userEvent.click(screen.getByRole("button", { name: "Record and estimate" }));
    expect((await screen.findByRole("alert")).textContent).toContain("contradicts the sex in the file");
    expect(calls).toHaveLength(1);
  });
});

describe("the studies page", () => {
  const page = (
    <UploadProvider>
      <StudiesPage />
    </UploadProvider>
  );
  const session = { body: { user: person, site } };

  it("teaches when it is empty", async () => {
    serve({ "GET /session": session, "GET /studies": { body: { results: [], next: null, total: 0 } } });
    show(page);
    expect(await screen.findByText("No films yet")).toBeTruthy();
  });

  it("fails in place in the language of the person, and tries again", async () => {
    await switchLanguage("zh-Hans");
    let broken = true;
    serve({
      "GET /session": session,
      "GET /studies": () =>
        broken
          ? { status: 403, body: { error: { code: "forbidden", message: "x", details: {} } } }
          : { body: { results: [], next: null, total: 0 } },
    });
    show(page);
    expect((await screen.findByRole("alert")).textContent).toContain("您的角色无权执行此操作");
    broken = false;
    await userEvent.click(screen.getByRole("button", { name: "重试" }));
    expect(await screen.findByText("还没有影像")).toBeTruthy();
  });

  it("hides what a blind reader may not know", async () => {
    const row = {
      id: "s1", pseudonym: "P1", state: "ready", reason: null, sex: "F", sex_source: "header",
      chronological_age_months: null, laterality: "L", synthetic: true, received_at: "2026-01-01T00:00:00Z",
      cohort: null, radiograph: "r1", thumbnail_url: null, quality: [], priority: "normal" as const, assigned: [], labelling: "none", reading: null,
      prediction: null, blinded: true,
    };
    serve({ "GET /session": session, "GET /studies": { body: { results: [row], next: null, total: 1 } } });
    show(page);
    await screen.findByText("P1");
    expect(screen.getAllByText("Hidden")).toHaveLength(2);
    expect(screen.getByText("SYNTHETIC")).toBeTruthy();
  });
});
