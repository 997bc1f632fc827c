import type { RefObject } from "react";

import { usePersonKeys } from "../../canvas/usePersonKeys";
import type { FilmStore } from "../../core/filmStore";
import { useFilmRoomKeys } from "../../panels/room/useFilmRoomKeys";
import type { RedactionWork } from "./useRedaction";

export interface RedactPageActions {
  release(): void;
  noWriting(): void;
  refuse(): void;
  putAside(): void;
  help(): void;
}

/** The redaction room's keys. */
export function useRedactKeys(work: RedactionWork, store: FilmStore, page: RedactPageActions, surface: RefObject<HTMLElement | null>) {
  return useFilmRoomKeys(
    {
      map: usePersonKeys().redact,
      actions: {
        release: page.release,
        noWriting: page.noWriting,
        refuse: page.refuse,
        nextFilm: page.putAside,
        cover: work.coverFocused,
        coverAll: work.coverAll,
        clear: work.clear,
        nextPlace: () => work.walk(1),
        previousPlace: () => work.walk(-1),
        undo: work.undo,
        redo: work.redo,
        help: page.help,
      },
      once: ["release", "noWriting", "refuse", "nextFilm", "cover", "coverAll", "clear"],
      boxInHand: work.boxInHand,
      move: work.move,
    },
    store,
    surface,
  );
}
