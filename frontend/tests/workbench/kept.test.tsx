/** What a reload must not lose, and whose it is. */
import { act, renderHook } from "@testing-library/react";
import { beforeEach, describe, expect, it } from "vitest";

import { keptTemplate, keepTemplate } from "../../src/pages/label/templateNote";
import { neighbour, sitting, visited } from "../../src/pages/label/sitting";
import { forgetPins, useUnsentPins } from "../../src/pages/review/useUnsentPins";

beforeEach(() => sessionStorage.clear());

describe("a sitting", () => {
  it("is one person's", () => {
    visited("ana", "a");
    visited("ana", "b");
    visited("ben", "c");
    visited("ana", "a");
    expect(sitting("ana")).toEqual(["a", "b"]);
    expect(neighbour("ana", "b", -1)).toBe("a");
    expect(sitting("ben")).toEqual(["c"]);
    expect(neighbour("ben", "b", -1)).toBeNull();
    visited(null, "d");
    expect(sitting(null)).toEqual([]);
  });

  it("survives what somebody else wrote there", () => {
    sessionStorage.setItem("boneage-note-ana-sitting", '{"a": 1}');
    expect(sitting("ana")).toEqual([]);
    visited("ana", "a");
    expect(sitting("ana")).toEqual(["a"]);
  });
});

describe("pins that were not sent", () => {
  const open = (person: string, boxSet: string) => renderHook(() => useUnsentPins(person, boxSet)).result;

  it("are there again after a reload, with a word about it, for the same person and box set alone", () => {
    const first = open("ana", "b1");
    act(() => first.current.change({ radius: "too low" }));
    expect(first.current.restored).toBe(0);
    const again = open("ana", "b1");
    expect(again.current.comments).toEqual({ radius: "too low" });
    expect(again.current.restored).toBe(1);
    act(() => again.current.change({ radius: "too low", ulna: "too wide" }));
    expect(again.current.restored).toBe(0);
    expect(open("ben", "b1").current.comments).toEqual({});
    expect(open("ana", "b2").current.comments).toEqual({});
  });

  it("are gone once the verdict is in or all are taken away", () => {
    const decided = open("ana", "b1");
    act(() => decided.current.change({ radius: "too low" }));
    forgetPins("ana", "b1");
    expect(open("ana", "b1").current.comments).toEqual({});
    const emptied = open("ana", "b1");
    act(() => emptied.current.change({ radius: "too low" }));
    act(() => emptied.current.change({}));
    expect(sessionStorage.length).toBe(0);
  });
});

describe("the template's suggestions", () => {
  const box = { x0: 1, y0: 2, x1: 3, y1: 4 };
  const laid = { box, score: null, origin: "template" } as const;

  it("are kept until they are answered, the model's are not", () => {
    keepTemplate("ana", "b1", { radius: laid, ulna: { box, score: 0.9, origin: "proposal" } });
    expect(keptTemplate("ana", "b1")).toEqual({ radius: laid });
    expect(keptTemplate("ben", "b1")).toBeNull();
    keepTemplate("ana", "b1", {});
    expect(keptTemplate("ana", "b1")).toBeNull();
  });

  it("are refused where they are no boxes", () => {
    sessionStorage.setItem("boneage-note-ana-template-b1", JSON.stringify({ radius: { ...laid, box: { x0: "1" } } }));
    expect(keptTemplate("ana", "b1")).toBeNull();
  });
});
