import { describe, expect, it } from "vitest";

import { FilmStore } from "../../src/core/filmStore";
import { draggedWindow, habitOf, lookupTable, presetWindow, windowFrom, WINDOW_PRESETS, type GreyWindow } from "../../src/core/window";
import tables from "./greys.json";

interface Greys {
  readonly window: GreyWindow;
  readonly values: readonly number[];
  readonly greys: readonly number[];
}

/** What the server shows, computed by its own code: tests/inference/imaging/test_greys_for_the_browser.py. */
const TABLES = tables as Greys[];

describe("the greys of a film", () => {
  it.each(TABLES)("are the server's for $window", ({ window, values, greys }) => {
    const table = lookupTable(window, false);
    expect(values.map((value) => table[value])).toEqual(greys);
  });

  it.each(TABLES)("are the server's, turned, for $window inverted", ({ window, values, greys }) => {
    const table = lookupTable(window, true);
    expect(values.map((value) => table[value])).toEqual(greys.map((grey) => 255 - grey));
  });

  it("keep the film's curve whatever is done to the window", () => {
    const base: GreyWindow = { center: 2000, width: 3000, function: "sigmoid" };
    const dragged = draggedWindow(base, base, 60, -30);
    expect(dragged.function).toBe("sigmoid");
    for (const preset of WINDOW_PRESETS) expect(presetWindow(base, preset).function).toBe("sigmoid");
    expect(windowFrom(habitOf(dragged, base), { center: 100, width: 300, function: "linear_exact" }).function).toBe("linear_exact");

    const store = new FilmStore({ width: 10, height: 10 }, base, { habit: { centerShift: 0.1, widthFactor: 0.5 } });
    expect(store.snapshot().window).toEqual({ center: 2300, width: 1500, function: "sigmoid" });
    store.dragWindow(store.snapshot().window, 5, 5);
    expect(store.snapshot().window.function).toBe("sigmoid");
  });
});
