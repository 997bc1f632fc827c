import { useState, type RefObject } from "react";

import { performFilmAction, isFilmAction } from "../../canvas/filmActions";
import { boxMove } from "../../core/boxMoves";
import type { FilmStore } from "../../core/filmStore";
import { LABEL_KEYS, actionOf, regionOfKey, type Chord, type LabelAction } from "../../core/keymap";
import { useRoomKeys } from "../../panels/room/useRoomKeys";
import type { Bench } from "./useBench";

export interface PageActions {
  finish(): void;
  go(step: 1 | -1): void;
  help(): void;
}

/** Keys that do something for as long as they are held, or that must not repeat. */
const ONCE: readonly LabelAction[] = ["finish", "accept", "acceptAll", "absent", "clear", "drawMode", "nextStudy", "previousStudy"];

/** The label page's keys: one place that says which key means what. */
export function useLabelKeys(bench: Bench, store: FilmStore, page: PageActions, surface: RefObject<HTMLElement | null>) {
  const [drawMode, setDrawMode] = useState(false);
  const [windowKey, setWindowKey] = useState(false);

  const actions: Record<Exclude<LabelAction, Parameters<typeof performFilmAction>[1]>, () => void> = {
    drawMode: () => setDrawMode((on) => !on),
    previousStudy: () => page.go(-1),
    nextStudy: () => page.go(1),
    finish: page.finish,
    clear: bench.clear,
    nextAttention: () => bench.walk(1),
    previousAttention: () => bench.walk(-1),
    accept: bench.accept,
    acceptAll: bench.acceptAll,
    absent: bench.askAbsent,
    centreNotVisible: () => bench.attribute("centre_not_visible"),
    occluded: () => bench.attribute("occluded"),
    difficult: () => bench.attribute("difficult"),
    hideBoxes: () => store.hideBoxes(true),
    windowLevel: () => setWindowKey(true),
    undo: bench.undo,
    redo: bench.redo,
    help: page.help,
    leaveFilm: () => (drawMode ? setDrawMode(false) : surface.current?.blur()),
  };

  function down(chord: Chord, repeated: boolean): boolean {
    const region = regionOfKey(chord);
    if (region) {
      bench.callUp(region);
      return true;
    }
    const move = bench.focus.region ? boxMove(chord, store.snapshot().orientation) : null;
    if (move && bench.focus.region) {
      bench.edit({ ...move, region: bench.focus.region });
      return true;
    }
    const action = actionOf(LABEL_KEYS, chord);
    if (!action) return false;
    if (repeated && ONCE.includes(action)) return true;
    if (isFilmAction(action)) performFilmAction(store, action, bench.boxInHand());
    else actions[action]();
    return true;
  }

  function up(chord: Chord): void {
    const key = chord.split("+").at(-1);
    if (key === "b") store.hideBoxes(false);
    if (key === "l") setWindowKey(false);
  }

  useRoomKeys({ down, up }, surface);
  return { drawMode, windowKey, toggleDrawMode: actions.drawMode };
}
