import { readFileSync } from "node:fs";
import { join } from "node:path";

import { screen, within } from "@testing-library/react";
import axe from "axe-core";
import type { ReactNode } from "react";
import { beforeEach, describe, expect, it, vi } from "vitest";

import { makeQueryClient } from "../src/api/queryClient";
import { PLACES } from "../src/app/navigation";
import { LABEL_KEYS, chordText, type LabelAction } from "../src/core/keymap";
import { REGION_IDS, REGIONS, regionName, type RegionId } from "../src/core/regions";
import { ABSENT_REASONS } from "../src/core/regionState";
import { LANGUAGES, startI18n, switchLanguage } from "../src/i18n";
import english from "../src/i18n/en";
import chinese from "../src/i18n/zh-Hans";
import { Component as ManualPage } from "../src/pages/manual/ManualPage";
import { Component as GuidesPage } from "../src/pages/manual/GuidesPage";
import { GUIDES, GUIDE_NAMES, MANUALS } from "../src/pages/manual/pages";
import { withKeys } from "../src/pages/manual/withKeys";
import { KeyMapDialog } from "../src/panels/room/KeyMapDialog";
import { RegionList } from "../src/panels/room/RegionList";
import { showRoutes } from "./show";

const TEXTS = { en: english, "zh-Hans": chinese };
const source = (language: string) => readFileSync(join(__dirname, "..", "..", "docs", "labelling", `${language}.md`), "utf8");

function show(element: ReactNode, path = "/", client = makeQueryClient()) {
  return showRoutes([{ path: "/*", element }], path, client);
}

beforeEach(async () => {
  Element.prototype.scrollIntoView = vi.fn();
  await startI18n("en");
});

describe.each(LANGUAGES)("the labelling manual (%s)", (language) => {
  it("has a section for each of the 17 regions, under the name that the labelling page uses", async () => {
    const { sections } = (await MANUALS[language]()).default;
    for (const { id } of REGIONS) {
      const found = sections.filter((section) => section.id === id);
      expect(found).toHaveLength(1);
      expect(found[0]?.title.toLowerCase()).toContain(regionName(id, language).toLowerCase());
    }
  });

  it("prints the keys of the key map, in the file as on the page", async () => {
    const printed = [...source(language).matchAll(/<kbd data-key="(\w+)">(.*?)<\/kbd>/g)];
    expect(printed.length).toBeGreaterThan(20);
    for (const [, action, text] of printed) {
      const chord = LABEL_KEYS[action as LabelAction]?.[0];
      expect(chord, action).toBeDefined();
      expect(text?.replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))).toBe(chordText(chord as string));
    }
    const { html } = (await MANUALS[language]()).default;
    expect(withKeys(html, { ...LABEL_KEYS, absent: ["<"] })).toContain('<kbd data-key="absent">&lt;</kbd>');
    expect(withKeys(html, {})).not.toContain("<kbd");
  });

  it("lists the reasons for an absent region with the keys and words of its dialog", () => {
    const rows = [...source(language).matchAll(/^\| (\d) \| ([^|]+) \|/gm)].map(([, key, words]) => [key, words]);
    expect(rows).toEqual(ABSENT_REASONS.map((reason, i) => [String(i + 1), TEXTS[language].workbench.reasons[reason]]));
  });

  it("is a page with contents, pictures of known size, links that lead somewhere, and nothing that axe finds", async () => {
    await switchLanguage(language);
    const { container } = show(<ManualPage />, "/manual#mc3");
    const article = await screen.findByRole("article");
    const contents = screen.getByRole("navigation", { name: TEXTS[language].manual.contents });
    for (const link of within(contents).getAllByRole("link")) {
      expect(article.querySelector(link.getAttribute("href") as string)).not.toBeNull();
    }
    const images = within(article).getAllByRole("img") as HTMLImageElement[];
    expect(images.length).toBeGreaterThan(30);
    for (const image of images) {
      expect(Number(image.getAttribute("width"))).toBeGreaterThan(250);
      expect(image.alt.length).toBeGreaterThan(3);
    }
    expect(document.activeElement?.id).toBe("mc3");
    const found = await axe.run(container, { rules: { "color-contrast": { enabled: false } } });
    expect(found.violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
  });
});

describe("keys that a person has changed", () => {
  it("stand in the manual as that person has them", async () => {
    localStorage.setItem("boneage-keys-p1", JSON.stringify({ absent: "m" }));
    const client = makeQueryClient();
    client.setQueryData(["session"], { user: { id: "p1", username: "ana", display_name: "", roles: ["labeller"], language: "en" } });
    show(<ManualPage />, "/manual", client);
    const article = await screen.findByRole("article");
    expect(article.querySelector('kbd[data-key="absent"]')?.textContent).toBe("M");
    expect(article.querySelector('kbd[data-key="accept"]')?.textContent).toBe("Enter");
  });
});

describe("ways to the manual", () => {
  it("lead from `?` to the section of the region in hand, beside the work", async () => {
    show(<KeyMapDialog opened room="label" region="pp3" onClose={() => undefined} />);
    const link = await screen.findByRole("link", { name: /proximal phalanx, base III/ });
    expect(link.getAttribute("href")).toBe("/manual#pp3");
    expect(link.getAttribute("target")).toBe("_blank");
    const all = screen.getAllByTestId("manual-link").map((one) => one.getAttribute("href"));
    expect(all).toEqual(["/manual#pp3", "/manual"]);
  });

  it("lead from the list of regions, and are found in the navigation by labellers and reviewers", () => {
    const states = Object.fromEntries(REGION_IDS.map((id) => [id, "missing"])) as Record<RegionId, "missing">;
    show(<RegionList states={states} focused="ulna" onChoose={() => undefined} />);
    expect(screen.getByTestId("manual-link").getAttribute("href")).toBe("/manual#ulna");
    expect(PLACES.find(({ path }) => path === "/manual")?.roles).toEqual(["labeller", "reviewer"]);
  });
});

describe("the guides", () => {
  it.each(GUIDE_NAMES)("for %s say the same sections in both languages", async (name) => {
    const [one, other] = await Promise.all(LANGUAGES.map(async (language) => (await GUIDES[name][language]()).default));
    expect(one?.sections.length).toBeGreaterThan(5);
    expect(one?.sections.map(({ id }) => id)).toEqual(other?.sections.map(({ id }) => id));
  });

  it.each(LANGUAGES)("name only addresses that the application has (%s)", async (language) => {
    const known = new Set([...PLACES.map(({ path }) => path), "/api/v1/health"]);
    for (const name of GUIDE_NAMES) {
      const { html } = (await GUIDES[name][language]()).default;
      for (const [, path] of html.matchAll(/<code>(\/[a-z][\w/]*)<\/code>/g)) expect(known, `${name}: ${path ?? ""}`).toContain(path);
    }
  });

  it("are a page with a switch between them, and nothing that axe finds", async () => {
    const { container } = show(<GuidesPage />, "/guides");
    await screen.findByRole("heading", { level: 2, name: "Where work waits" });
    expect(screen.getByRole("radiogroup", { name: english.manual.guides })).toBeTruthy();
    expect((await axe.run(container, { rules: { "color-contrast": { enabled: false } } })).violations).toEqual([]);
  });
});
