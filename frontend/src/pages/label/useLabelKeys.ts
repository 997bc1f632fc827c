import type { RefObject } from "react";

import { usePersonKeys } from "../../canvas/usePersonKeys";
import type { FilmStore } from "../../core/filmStore";
import { screenPoint } from "../../core/points";
import { useFilmRoomKeys } from "../../panels/room/useFilmRoomKeys";
import type { Bench } from "./useBench";

export interface PageActions {
  finish(acceptRest?: boolean): void;
  go(step: 1 | -1): void;
  help(): void;
}

/** The label page's keys. */
export function useLabelKeys(bench: Bench, store: FilmStore, page: PageActions, surface: RefObject<HTMLElement | null>) {
  const { desk } = bench;
  const keys = usePersonKeys();
  const { windowKey } = useFilmRoomKeys(
    {
      map: keys.label,
      regionKeys: keys.regions,
      actions: {
        drawMode: () => desk.perform("drawMode"),
        previousStudy: () => page.go(-1),
        nextStudy: () => page.go(1),
        finish: () => page.finish(),
        finishWithRest: () => page.finish(true),
        place: () => placeInView(bench, store),
        template: () => desk.perform("template"),
        clear: () => desk.perform("clear"),
        nextAttention: () => desk.perform("nextAttention"),
        previousAttention: () => desk.perform("previousAttention"),
        accept: () => desk.perform("accept"),
        acceptAll: () => desk.perform("acceptAll"),
        absent: () => desk.perform("absent"),
        centreNotVisible: () => desk.perform("centreNotVisible"),
        occluded: () => desk.perform("occluded"),
        difficult: () => desk.perform("difficult"),
        undo: () => desk.perform("undo"),
        redo: () => desk.perform("redo"),
        help: page.help,
      },
      once: [
        ...(["finish", "finishWithRest", "accept", "acceptAll", "absent", "clear", "place"] as const),
        ...(["template", "drawMode", "nextStudy", "previousStudy"] as const),
      ],
      boxInHand: () => desk.boxInHand(),
      choose: (region) => desk.callUp(region),
      move: (move) => desk.move(move),
      leave: () => desk.leaveTemplate() || desk.leaveDrawMode(),
    },
    store,
    surface,
  );
  return windowKey;
}

function placeInView({ desk }: Bench, store: FilmStore): void {
  const { view, image } = store.snapshot();
  desk.place(store.imagePoint(screenPoint(view.width / 2, view.height / 2)), image.height);
}
