import { describe, expect, it } from "vitest";

import {
  LABEL_KEYS,
  REDACT_KEYS,
  REGION_KEYS,
  REVIEW_KEYS,
  actionOf,
  chordOf,
  chordText,
  collisions,
  regionOfKey,
} from "../../src/core/keymap";
import { REGION_IDS } from "../../src/core/regions";

const press = (key: string, more: Partial<Parameters<typeof chordOf>[0]> = {}) =>
  chordOf({ key, code: "", ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...more });

describe("the key map", () => {
  it("has no chord that means two things, and none that belongs to the browser", () => {
    expect(collisions(LABEL_KEYS)).toEqual([]);
    expect(collisions(REVIEW_KEYS)).toEqual([]);
    expect(collisions(REDACT_KEYS, {})).toEqual([]);
  });

  it("would find a collision with a region, a move or a browser key", () => {
    expect(collisions({ one: ["a"], two: ["a"] })).toEqual(["a"]);
    expect(collisions({ one: ["q"] })).toEqual(["q"]);
    expect(collisions({ one: ["alt+arrowup"] })).toEqual(["alt+arrowup"]);
    expect(collisions({ one: ["ctrl+w"] })).toEqual(["ctrl+w"]);
  });

  it("gives each of the 17 regions a key of its own", () => {
    expect(new Set(REGION_IDS.map((id) => REGION_KEYS[id])).size).toBe(17);
    for (const id of REGION_IDS) expect(regionOfKey(REGION_KEYS[id])).toBe(id);
  });

  it("keeps labelImg's meanings", () => {
    expect(actionOf(LABEL_KEYS, "w")).toBe("drawMode");
    expect(actionOf(LABEL_KEYS, "a")).toBe("previousStudy");
    expect(actionOf(LABEL_KEYS, "d")).toBe("nextStudy");
    expect(actionOf(LABEL_KEYS, "space")).toBe("finish");
    expect(actionOf(LABEL_KEYS, "delete")).toBe("clear");
  });

  it("reads chords as people press them", () => {
    expect(press("W", { shiftKey: false })).toBe("w");
    expect(press("Z", { ctrlKey: true, shiftKey: true })).toBe("ctrl+shift+z");
    expect(press("z", { metaKey: true })).toBe("ctrl+z");
    expect(press("?", { shiftKey: true })).toBe("?");
    expect(press(" ")).toBe("space");
    expect(press("Tab", { shiftKey: true })).toBe("shift+tab");
    expect(press("ArrowLeft", { altKey: true })).toBe("alt+arrowleft");
    // A Chinese input method that is switched on sends "Process" and the key's place.
    expect(press("Process", { code: "KeyX" })).toBe("x");
  });

  it("prints chords as key caps", () => {
    expect(chordText("ctrl+shift+z")).toBe("Ctrl + Shift + Z");
    expect(chordText("+")).toBe("+");
  });
});
