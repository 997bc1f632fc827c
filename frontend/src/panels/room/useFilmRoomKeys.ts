import { useState, type RefObject } from "react";

import { isFilmAction, performFilmAction } from "../../canvas/filmActions";
import { boxMove, type BoxMove } from "../../core/boxMoves";
import type { Box } from "../../core/boxes";
import type { FilmStore } from "../../core/filmStore";
import { actionOf, regionOfKey, type Chord, type FilmAction, type KeyMap } from "../../core/keymap";
import type { RegionId } from "../../core/regions";
import { useRoomKeys } from "./useRoomKeys";

/** What every room with boxes answers by itself: the film's own actions, and these. */
type CommonAction = FilmAction | "hideBoxes" | "windowLevel" | "leaveFilm";

export interface FilmRoomKeys<A extends string> {
  readonly map: KeyMap<A>;
  /** What the room's own keys do. */
  readonly actions: Readonly<Record<Exclude<A, CommonAction>, () => void>>;
  /** What must not repeat while a key is held. */
  readonly once: readonly NoInfer<A>[];
  /** For zooming to it. */
  boxInHand(): Box | null;
  /** A region's key, in a room that has regions. */
  readonly choose?: (region: RegionId) => void;
  readonly regionKeys?: Readonly<Record<RegionId, Chord>>;
  /** An arrow, in a room whose boxes can be moved; false when none is in hand. */
  readonly move?: (move: BoxMove) => boolean;
  /** Escape first ends what answers true here; else the film gives the focus away. */
  readonly leave?: () => boolean;
}

/** Also a box on the film can have the focus, by a screen reader's hand. */
function left(film: HTMLElement | null): void {
  const { activeElement } = document;
  if (film?.contains(activeElement)) (activeElement as HTMLElement | SVGElement).blur();
}

/** The keys of a room with boxes on its film. `windowKey`: window and level are held. */
export function useFilmRoomKeys<A extends string>(
  keys: FilmRoomKeys<A>,
  store: FilmStore,
  surface: RefObject<HTMLElement | null>,
): { readonly windowKey: boolean } {
  const [windowKey, setWindowKey] = useState(false);
  const common: Readonly<Record<Exclude<CommonAction, FilmAction>, () => void>> = {
    hideBoxes: () => store.hideBoxes(true),
    windowLevel: () => setWindowKey(true),
    leaveFilm: () => keys.leave?.() || left(surface.current),
  };
  const actions: Readonly<Record<string, () => void>> = { ...common, ...keys.actions };

  function down(chord: Chord, repeated: boolean): boolean {
    const region = keys.choose ? regionOfKey(chord, keys.regionKeys) : null;
    if (region) {
      keys.choose?.(region);
      return true;
    }
    const move = keys.move ? boxMove(chord, store.snapshot().orientation) : null;
    if (move) return keys.move?.(move) ?? false;
    const action = actionOf(keys.map, chord);
    if (!action) return false;
    if (repeated && keys.once.includes(action)) return true;
    if (isFilmAction(action)) performFilmAction(store, action, keys.boxInHand());
    else actions[action]?.();
    return true;
  }

  /** By the key alone: a modifier may have been let go before it. */
  function up(chord: Chord): void {
    const action = actionOf<string>(keys.map, chord.split("+").at(-1) ?? "");
    if (action === "hideBoxes") store.hideBoxes(false);
    if (action === "windowLevel") setWindowKey(false);
  }

  function away(): void {
    store.hideBoxes(false);
    setWindowKey(false);
  }

  useRoomKeys({ down, up, away }, surface);
  return { windowKey };
}
