import { useEffect, useRef, type RefObject } from "react";

import { chordOf, type Chord } from "../../core/keymap";

/** Keys that a focused button or link needs for itself. */
const CONTROL_CHORDS: readonly Chord[] = ["space", "shift+space", "enter", "shift+enter", "tab", "shift+tab"];

/** With the focus nowhere, after Esc, these lead into the page. */
const WALK_CHORDS: readonly Chord[] = ["tab", "shift+tab"];

export interface RoomKeys {
  /**
   * Answers a chord; true when it meant something here. `inField`: it was pressed in a field that lets the film's keys
   * through (`data-film-keys`), and the field needs its figures for itself.
   */
  down(chord: Chord, repeated: boolean, inField: boolean): boolean;
  up?(chord: Chord): void;
  /** The window lost the keyboard: whatever is held will be let go unseen. */
  away?(): void;
}

/**
 * The keys of a film room, wherever the focus is, but never those of a text field, a dialog or a focused button. Tab
 * is taken only while the film has the focus: Esc leaves the film, then Tab walks through the page as everywhere.
 */
export function useRoomKeys(keys: RoomKeys, surface: RefObject<HTMLElement | null>): void {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    const down = (event: KeyboardEvent) => {
      if (event.isComposing || isElsewhere(event.target)) return;
      const chord = chordOf(event);
      if (CONTROL_CHORDS.includes(chord) && !isOnFilm(event.target, surface.current)) return;
      if (WALK_CHORDS.includes(chord) && event.target === document.body) return;
      if (latest.current.down(chord, event.repeat, isFilmField(event.target))) event.preventDefault();
    };
    const up = (event: KeyboardEvent) => latest.current.up?.(chordOf(event));
    window.addEventListener("keydown", down);
    const away = () => latest.current.away?.();
    window.addEventListener("keyup", up);
    window.addEventListener("blur", away);
    return () => {
      window.removeEventListener("keydown", down);
      window.removeEventListener("keyup", up);
      window.removeEventListener("blur", away);
    };
  }, [surface]);
}

/** A dialog has all keys while it is open, wherever the focus went: a press beside it takes the focus to nowhere. */
const isElsewhere = (target: EventTarget | null): boolean =>
  document.querySelector("[role=dialog][aria-modal=true]") !== null ||
  (target instanceof Element &&
    target.closest("input:not([data-film-keys]), textarea, select, [contenteditable], [role=dialog]") !== null);

/** For keys that are taken before everybody else: not from a field, such as the password's over an open dialog. */
export const isInField = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest("input, textarea, select, [contenteditable]") !== null;

const isFilmField = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest("[data-film-keys]") !== null;

function isOnFilm(target: EventTarget | null, surface: HTMLElement | null): boolean {
  return target === document.body || (target instanceof Node && surface !== null && surface.contains(target));
}
