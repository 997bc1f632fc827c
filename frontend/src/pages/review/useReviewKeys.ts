import { useState, type RefObject } from "react";

import { isFilmAction, performFilmAction } from "../../canvas/filmActions";
import type { Box } from "../../core/boxes";
import type { FilmStore } from "../../core/filmStore";
import { REVIEW_KEYS, actionOf, regionOfKey, type Chord, type ReviewAction } from "../../core/keymap";
import type { RegionId } from "../../core/regions";
import { useRoomKeys } from "../../panels/room/useRoomKeys";

export interface ReviewActions {
  accept(): void;
  fix(): void;
  sendBack(): void;
  comment(): void;
  walk(step: 1 | -1): void;
  choose(region: RegionId): void;
  help(): void;
  boxInHand(): Box | null;
}

/** The review page's keys. */
export function useReviewKeys(page: ReviewActions, store: FilmStore, surface: RefObject<HTMLElement | null>) {
  const [windowKey, setWindowKey] = useState(false);
  const actions: Record<Exclude<ReviewAction, Parameters<typeof performFilmAction>[1]>, () => void> = {
    acceptSet: page.accept,
    fix: page.fix,
    sendBack: page.sendBack,
    comment: page.comment,
    nextRegion: () => page.walk(1),
    previousRegion: () => page.walk(-1),
    hideBoxes: () => store.hideBoxes(true),
    windowLevel: () => setWindowKey(true),
    help: page.help,
    leaveFilm: () => surface.current?.blur(),
  };
  function down(chord: Chord, repeated: boolean): boolean {
    const region = regionOfKey(chord);
    if (region) {
      page.choose(region);
      return true;
    }
    const action = actionOf(REVIEW_KEYS, chord);
    if (!action) return false;
    if (repeated && (action === "acceptSet" || action === "fix" || action === "sendBack")) return true;
    if (isFilmAction(action)) performFilmAction(store, action, page.boxInHand());
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
