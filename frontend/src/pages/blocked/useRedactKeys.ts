import { useState, type RefObject } from "react";

import { isFilmAction, performFilmAction } from "../../canvas/filmActions";
import { boxMove } from "../../core/boxMoves";
import type { FilmStore } from "../../core/filmStore";
import { REDACT_KEYS, actionOf, type Chord, type RedactAction } from "../../core/keymap";
import { useRoomKeys } from "../../panels/room/useRoomKeys";
import type { RedactionWork } from "./useRedaction";

export interface RedactPageActions {
  release(): void;
  noWriting(): void;
  refuse(): void;
  putAside(): void;
  help(): void;
}

/** Decisions must not repeat while a key is held. */
const ONCE: readonly RedactAction[] = ["release", "noWriting", "refuse", "nextFilm", "cover", "coverAll", "clear"];

/** The redaction room's keys. */
export function useRedactKeys(work: RedactionWork, store: FilmStore, page: RedactPageActions, surface: RefObject<HTMLElement | null>) {
  const [windowKey, setWindowKey] = useState(false);
  const actions: Record<Exclude<RedactAction, Parameters<typeof performFilmAction>[1]>, () => void> = {
    release: page.release,
    noWriting: page.noWriting,
    refuse: page.refuse,
    nextFilm: page.putAside,
    cover: work.coverFocused,
    coverAll: work.coverAll,
    clear: work.clear,
    nextPlace: () => work.walk(1),
    previousPlace: () => work.walk(-1),
    hideBoxes: () => store.hideBoxes(true),
    windowLevel: () => setWindowKey(true),
    undo: work.undo,
    redo: work.redo,
    help: page.help,
    leaveFilm: () => surface.current?.blur(),
  };

  function down(chord: Chord, repeated: boolean): boolean {
    const move = boxMove(chord, store.snapshot().orientation);
    if (move) return work.move(move);
    const action = actionOf(REDACT_KEYS, chord);
    if (!action) return false;
    if (repeated && ONCE.includes(action)) return true;
    if (isFilmAction(action)) performFilmAction(store, action, work.boxInHand());
    else actions[action]();
    return true;
  }

  function up(chord: Chord): void {
    const key = chord.split("+").at(-1);
    if (key === "b") store.hideBoxes(false);
    if (key === "l") setWindowKey(false);
  }

  useRoomKeys({ down, up }, surface);
  return { windowKey };
}
