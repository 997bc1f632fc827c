import type { RefObject } from "react";

import { usePersonKeys } from "../../canvas/usePersonKeys";
import type { Box } from "../../core/boxes";
import type { FilmStore } from "../../core/filmStore";
import type { RegionId } from "../../core/regions";
import { useFilmRoomKeys } from "../../panels/room/useFilmRoomKeys";

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
  const keys = usePersonKeys();
  return useFilmRoomKeys(
    {
      map: keys.review,
      regionKeys: keys.regions,
      actions: {
        acceptSet: page.accept,
        fix: page.fix,
        sendBack: page.sendBack,
        comment: page.comment,
        nextRegion: () => page.walk(1),
        previousRegion: () => page.walk(-1),
        help: page.help,
      },
      once: ["acceptSet", "fix", "sendBack"],
      boxInHand: page.boxInHand,
      choose: page.choose,
    },
    store,
    surface,
  );
}
