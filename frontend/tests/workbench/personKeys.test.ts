import { describe, expect, it } from "vitest";

import { BROWSER_CHORDS, LABEL_KEYS, MOVE_CHORDS, collisions } from "../../src/core/keymap";
import { USUAL_KEYS, keysWith, obstacleTo, regionSlot, stillPossible, type KeySlot } from "../../src/core/personKeys";

describe("a person's own keys", () => {
  it("are the usual ones until one is changed, in every room that has the action", () => {
    expect(USUAL_KEYS.label).toEqual(LABEL_KEYS);
    const keys = keysWith({ invert: "m", [regionSlot("mc2")]: "9" });
    expect(keys.label.invert).toEqual(["m"]);
    expect(keys.review.invert).toEqual(["m"]);
    expect(keys.redact.invert).toEqual(["m"]);
    expect(keys.regions.mc2).toBe("9");
    expect(keys.label.fit).toEqual(["0"]);
  });

  it("never mean two things: what every free change leaves behind has no collision", () => {
    const chords = ["m", "9", "ctrl+m", "f2", "q", "space", "alt+arrowup", "ctrl+w", "shift+x"];
    for (const slot of [...Object.keys(LABEL_KEYS), regionSlot("dp5")] as KeySlot[]) {
      for (const chord of chords) {
        const keys = keysWith({ [slot]: chord });
        const free = [keys.label, keys.review].every((map) => collisions(map, keys.regions).length === 0) && collisions(keys.redact, {}).length === 0;
        if (obstacleTo({}, slot, chord) === null) expect(free, `${slot} ${chord}`).toBe(true);
      }
    }
  });

  it("are refused with what stands in the way", () => {
    expect(obstacleTo({}, "invert", "x")).toEqual({ kind: "taken", by: "absent" });
    expect(obstacleTo({}, "invert", "q")).toEqual({ kind: "taken", by: "region:pp1" });
    // Free while labelling, but it takes a comment in the review.
    expect(obstacleTo({ template: "m" }, "invert", "c")).toEqual({ kind: "taken", by: "comment" });
    for (const chord of BROWSER_CHORDS) expect(obstacleTo({}, "invert", chord)).toEqual({ kind: "browser" });
    for (const chord of MOVE_CHORDS) expect(obstacleTo({}, "invert", chord)).toEqual({ kind: "move" });
    expect(obstacleTo({}, "hideBoxes", "ctrl+m")).toEqual({ kind: "held" });
    expect(obstacleTo({}, "leaveFilm", "m")).toEqual({ kind: "fixed" });
    expect(obstacleTo({}, "invert", "i")).toBeNull();
    expect(obstacleTo({ absent: "m" }, "invert", "x")).toEqual({ kind: "taken", by: "sendBack" });
  });

  it("are forgotten one by one where they no longer fit, and wholly where they are no keys", () => {
    expect(stillPossible({ invert: "m", fit: "x", nonsense: "9", zoomIn: 4 })).toEqual({ invert: "m" });
    expect(stillPossible(null)).toEqual({});
    expect(stillPossible("m")).toEqual({});
  });
});
