import { act, renderHook } from "@testing-library/react";
import { beforeEach, describe, expect, it } from "vitest";

import { useFilmStore, type ShownFilm } from "../../src/canvas/useFilmStore";
import type { FilmStore } from "../../src/core/filmStore";

const FILM: ShownFilm = {
  film: "one", columns: 10, rows: 10, window: { center: 1000, width: 1000, function: "sigmoid" },
  windows: [{ center: 1000, width: 1000, function: "sigmoid" }, { center: 9000, width: 100, function: "sigmoid" }],
};
const NEXT: ShownFilm = { film: "two", columns: 10, rows: 10, window: { center: 200, width: 500, function: "linear" } };

/** Opens a film, does something to it, and leaves it. */
function look(film: ShownFilm, act_: (store: FilmStore) => void = () => {}) {
  const { result, unmount } = renderHook(() => useFilmStore(film));
  act(() => act_(result.current));
  const look = result.current.snapshot();
  unmount();
  return look;
}

describe("a window that was set", () => {
  beforeEach(() => localStorage.clear());

  it("is found again on the next film, as far from its own default and along its own curve", () => {
    look(FILM, (store) => store.choosePreset("flat"));
    expect(look(NEXT).window).toEqual({ center: 200, width: 800, function: "linear" });
  });

  it("stays with its film when it was one of its header's", () => {
    expect(look(FILM, (store) => store.choosePreset(0)).window).toEqual({ center: 9000, width: 100, function: "sigmoid" });
    expect(look(NEXT)).toMatchObject({ window: NEXT.window, preset: "default", inverted: false });
    look(FILM, (store) => {
      store.choosePreset(0);
      store.invert();
    });
    expect(look(NEXT)).toMatchObject({ window: NEXT.window, inverted: true });
  });

  it("neither comes to a film that is to be seen as it is, nor goes from it", () => {
    look(FILM, (store) => store.choosePreset("flat"));
    const asItIs = look({ ...NEXT, remembers: false }, (store) => store.choosePreset("bone"));
    expect(asItIs.window.width).toBe(300);
    expect(look({ ...NEXT, remembers: false }).window).toEqual(NEXT.window);
    expect(look(NEXT).window.width).toBe(800);
  });
});
