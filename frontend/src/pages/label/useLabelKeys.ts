import { useState, type RefObject } from "react";

import type { FilmStore } from "../../core/filmStore";
import { LABEL_KEYS } from "../../core/keymap";
import { useFilmRoomKeys } from "../../panels/room/useFilmRoomKeys";
import type { Bench } from "./useBench";

export interface PageActions {
  finish(): void;
  go(step: 1 | -1): void;
  help(): void;
}

/** The label page's keys. */
export function useLabelKeys(bench: Bench, store: FilmStore, page: PageActions, surface: RefObject<HTMLElement | null>) {
  const [drawMode, setDrawMode] = useState(false);
  const toggleDrawMode = () => setDrawMode((on) => !on);
  const { windowKey } = useFilmRoomKeys(
    {
      map: LABEL_KEYS,
      actions: {
        drawMode: toggleDrawMode,
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
        undo: bench.undo,
        redo: bench.redo,
        help: page.help,
      },
      once: ["finish", "accept", "acceptAll", "absent", "clear", "drawMode", "nextStudy", "previousStudy"],
      boxInHand: bench.boxInHand,
      choose: bench.callUp,
      move(move) {
        const { region } = bench.focus;
        if (region) bench.edit({ ...move, region });
        return region !== null;
      },
      leave() {
        setDrawMode(false);
        return drawMode;
      },
    },
    store,
    surface,
  );
  return { drawMode, windowKey, toggleDrawMode };
}
