import { act, fireEvent, render, screen } from "@testing-library/react";
import { useRef } from "react";
import { beforeAll, describe, expect, it, vi } from "vitest";

import { BoxShape } from "../../src/canvas/BoxShape";
import type { Box } from "../../src/core/boxes";
import { FilmStore } from "../../src/core/filmStore";
import { startI18n } from "../../src/i18n";
import { useFilmRoomKeys, type FilmRoomKeys } from "../../src/panels/room/useFilmRoomKeys";

type Action = "save" | "undo" | "hideBoxes" | "windowLevel" | "leaveFilm" | "invert" | "zoomRegion";
const MAP = {
  save: ["space"], undo: ["ctrl+z"], hideBoxes: ["h"], windowLevel: ["w"], leaveFilm: ["escape"], invert: ["i"], zoomRegion: ["z"],
} as const;

function room(more: Partial<FilmRoomKeys<Action>> = {}) {
  const store = new FilmStore({ width: 100, height: 100 }, { center: 5, width: 10, function: "linear" });
  const save = vi.fn();
  const undo = vi.fn();
  const keys: FilmRoomKeys<Action> = { map: MAP, actions: { save, undo }, once: ["save"], boxInHand: () => null, ...more };
  function Room() {
    const surface = useRef<HTMLDivElement>(null);
    const { windowKey } = useFilmRoomKeys(keys, store, surface);
    return (
      <div ref={surface} tabIndex={0} data-testid="film" data-window-key={windowKey}>
        <button type="button" tabIndex={-1}>box</button>
      </div>
    );
  }
  render(<Room />);
  const film = screen.getByTestId("film");
  act(() => film.focus());
  const press = (key: string, how: object = {}) => fireEvent.keyDown(film, { key, ...how });
  const letGo = (key: string, how: object = {}) => fireEvent.keyUp(film, { key, ...how });
  return { store, save, undo, film, press, letGo };
}

beforeAll(async () => {
  await startI18n();
});

describe("the keys of a film room", () => {
  it("do the room's actions, those that must not repeat once for each press", () => {
    const { save, undo, press } = room();
    expect(press(" ")).toBe(false); // taken: the page does not scroll
    press(" ", { repeat: true });
    press("z", { ctrlKey: true });
    press("z", { ctrlKey: true, repeat: true });
    expect(save).toHaveBeenCalledTimes(1);
    expect(undo).toHaveBeenCalledTimes(2);
    expect(press("m")).toBe(true);
  });

  it("do the film's actions, with the box in hand", () => {
    const box: Box = { x0: 40, y0: 40, x1: 60, y1: 60 };
    const { store, press } = room({ boxInHand: () => box });
    const zoomTo = vi.spyOn(store, "zoomTo");
    press("i");
    press("z");
    expect(store.snapshot().inverted).toBe(true);
    expect(zoomTo).toHaveBeenCalledWith(box);
  });

  it("hide boxes and set the window for as long as they are held, whatever else is let go first", () => {
    const { store, film, press, letGo } = room();
    press("h");
    press("w");
    expect(store.snapshot().boxesHidden).toBe(true);
    expect(film.dataset["windowKey"]).toBe("true");
    letGo("h", { shiftKey: true });
    letGo("w");
    expect(store.snapshot().boxesHidden).toBe(false);
    expect(film.dataset["windowKey"]).toBe("false");
  });

  it("let go of what is held when the window loses the keyboard", () => {
    const { store, film, press } = room();
    press("h");
    press("w");
    fireEvent.blur(window);
    expect(store.snapshot().boxesHidden).toBe(false);
    expect(film.dataset["windowKey"]).toBe("false");
  });

  it("know regions and moves only in rooms that have them", () => {
    const choose = vi.fn();
    const move = vi.fn(() => true);
    const with_ = room({ choose, move });
    with_.press("1");
    expect(choose).toHaveBeenCalledWith("radius");
    expect(with_.press("ArrowLeft", { shiftKey: true })).toBe(false);
    expect(move).toHaveBeenCalledWith({ kind: "nudge", dx: -10, dy: 0 });
    move.mockReturnValue(false);
    expect(with_.press("ArrowLeft")).toBe(true);
  });

  it("mean nothing where there is neither", () => {
    const { press } = room();
    expect(press("1")).toBe(true);
    expect(press("ArrowLeft")).toBe(true);
  });

  it("leave what is to be left first, then the film", () => {
    let drawing = true;
    const { film, press } = room({ leave: () => drawing });
    press("Escape");
    expect(document.activeElement).toBe(film);
    drawing = false;
    press("Escape");
    expect(document.activeElement).toBe(document.body);
  });

  it("leave the film also from a box on it", () => {
    room();
    const box = screen.getByText("box");
    act(() => box.focus());
    fireEvent.keyDown(box, { key: "Escape" });
    expect(document.activeElement).toBe(document.body);
  });

  it("are met again after leaving the film by no box on it: Tab walks on to the tools", () => {
    const shown = { region: "radius", box: { x0: 0, y0: 0, x1: 9, y1: 9 }, look: "solid" } as const;
    const identity = { a: 1, b: 0, c: 0, d: 1, e: 0, f: 0 };
    render(<svg><BoxShape shown={shown} focused matrix={identity} scale={1} coarse={false} onFocus={vi.fn()} /></svg>);
    expect(screen.getByTestId("box-radius").getAttribute("tabindex")).toBe("-1");
  });

  it("are silent while a dialog is open, also when a press beside it took the focus to nowhere", () => {
    const { save } = room();
    const { unmount } = render(<div role="dialog" aria-modal="true" />);
    fireEvent.keyDown(document.body, { key: " " });
    expect(save).not.toHaveBeenCalled();
    unmount();
    fireEvent.keyDown(document.body, { key: " " });
    expect(save).toHaveBeenCalledTimes(1);
  });

  it("let Tab walk through the page once the film was left", () => {
    const next = vi.fn();
    const { press } = room({ map: { ...MAP, save: ["tab"] }, actions: { save: next, undo: vi.fn() } });
    expect(press("Tab")).toBe(false);
    expect(next).toHaveBeenCalledTimes(1);
    press("Escape");
    expect(fireEvent.keyDown(document.body, { key: "Tab" })).toBe(true);
    expect(fireEvent.keyDown(document.body, { key: "Tab", shiftKey: true })).toBe(true);
    expect(next).toHaveBeenCalledTimes(1);
  });
});
