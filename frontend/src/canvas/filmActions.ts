import type { Box } from "../core/boxes";
import type { FilmStore } from "../core/filmStore";
import type { FilmAction } from "../core/keymap";

const KEY_ZOOM = 1.25;

/** What a film key or button does; zooming to a region needs its box. */
export function performFilmAction(store: FilmStore, action: FilmAction, box: Box | null): void {
  switch (action) {
    case "fit":
      return store.fit();
    case "zoomRegion":
      return box ? store.zoomTo(box) : store.fit();
    case "zoomIn":
      return store.zoom(KEY_ZOOM);
    case "zoomOut":
      return store.zoom(1 / KEY_ZOOM);
    case "invert":
      return store.invert();
    case "windowPreset":
      return store.nextPreset();
    case "windowReset":
      return store.resetWindow();
    case "turnLeft":
      return store.turn(-1);
    case "turnRight":
      return store.turn(1);
    case "mirror":
      return store.mirror();
  }
}

export const FILM_ACTIONS: readonly FilmAction[] = [
  "fit",
  "zoomRegion",
  "zoomIn",
  "zoomOut",
  "invert",
  "windowPreset",
  "windowReset",
  "turnLeft",
  "turnRight",
  "mirror",
];

export const isFilmAction = (action: string): action is FilmAction => FILM_ACTIONS.includes(action as FilmAction);
