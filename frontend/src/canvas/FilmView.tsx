import "./film.css";

import { useCallback, useEffect, useMemo, useRef, type KeyboardEvent, type MouseEvent, type ReactNode, type RefObject } from "react";
import { useTranslation } from "react-i18next";

import { moved, type Box, type BoxId } from "../core/boxes";
import type { FilmStore } from "../core/filmStore";
import { actionOf, chordOf } from "../core/keymap";
import { screenPoint } from "../core/points";
import type { ImagePoint } from "../core/points";
import type { RegionId } from "../core/regions";
import type { GreyWindow } from "../core/window";
import type { ViewTransform } from "../api/types";
import type { Scene } from "../tools/gesture";
import { BoxOverlay } from "./BoxOverlay";
import { FilmLayer } from "./FilmLayer";
import { FilmMessage } from "./FilmMessage";
import { FilmReadout } from "./FilmReadout";
import { FilmTools } from "./FilmTools";
import { isFilmAction, performFilmAction } from "./filmActions";
import type { FilmBox } from "./types";
import { ViewMark } from "./ViewMark";
import { useCoarsePointer } from "./useCoarsePointer";
import { useFilmLook, useFilmStore } from "./useFilmStore";
import { usePersonKeys } from "./usePersonKeys";
import { usePixels } from "./usePixels";
import { usePointerGestures, type Preview } from "./usePointerGestures";

export interface FilmViewProps<Id extends BoxId> {
  readonly pixelsUrl: string;
  readonly rows: number;
  readonly columns: number;
  /** The film's default window, in the units of its 16-bit values. */
  readonly window: GreyWindow;
  /** Further windows that the film's header names. */
  readonly windows?: readonly GreyWindow[] | undefined;
  /** How it is shown at first; as stored when left out. Not used with a store of the page. */
  readonly view?: ViewTransform | undefined;
  /** Accessible name of the film. */
  readonly label: string;
  readonly boxes?: readonly FilmBox<Id>[];
  readonly readOnly?: boolean;
  readonly focused?: Id | null;
  readonly armed?: Id | null;
  /** The focused box is so only because it was drawn last: a drag inside it draws the armed one. */
  readonly justDrawn?: boolean | undefined;
  readonly drawMode?: boolean;
  readonly windowKey?: boolean;
  readonly pixelSpacingMm?: readonly [number, number] | null;
  /** A look kept by the page (for its keys); without one the film keeps its own and answers the film keys itself. */
  readonly store?: FilmStore;
  /** The element that takes keys and pointers, for a page that wants to give it the focus. */
  readonly surface?: RefObject<HTMLDivElement | null>;
  readonly tools?: ReactNode;
  readonly showTools?: boolean;
  readonly showReadout?: boolean;
  readonly onDraw?: (region: Id, box: Box) => void;
  readonly onMoveAll?: (dx: number, dy: number) => void;
  readonly onPick?: (region: Id | null, at: ImagePoint) => void;
  /** A box got the focus by other means than a press; taken as picked when left out. */
  readonly onFocusBox?: (region: Id) => void;
  /** Which box a drawn rectangle is; the armed one when left out. */
  readonly drawnAs?: (box: Box) => Id | null;
  /** Points set on the film; when given, a click sets the next one and a drag moves the film. */
  readonly points?: readonly ImagePoint[] | null;
}

const NO_BOXES: readonly FilmBox<never>[] = [];
const NO_POINTS: readonly ImagePoint[] = [];
/** One notch of a mouse wheel. */
const WHEEL_ZOOM = 1.0015;

/** A film with its boxes: window/level, zoom, pan, turn; drawing and moving unless read-only. */
export function FilmView<Id extends BoxId = RegionId>(props: FilmViewProps<Id>) {
  const { rows, columns, boxes = NO_BOXES, readOnly = true, focused = null, armed = null } = props;
  const { drawnAs, justDrawn, points = null } = props;
  const own = useFilmStore({ film: props.pixelsUrl, columns, rows, window: props.window, windows: props.windows, view: props.view });
  const store = props.store ?? own;
  const look = useFilmLook(store);
  const film = usePixels(props.pixelsUrl, rows, columns);
  const coarse = useCoarsePointer();
  const ownFrame = useRef<HTMLDivElement>(null);
  const frame = props.surface ?? ownFrame;
  const keys = usePersonKeys().label;
  const { t } = useTranslation("workbench");

  useViewSize(frame, store);
  useWheelZoom(frame, store);

  const scene = useCallback(
    (): Scene => ({
      readOnly: readOnly || points !== null,
      armed,
      focused,
      justDrawn: justDrawn ?? false,
      drawnAs,
      drawMode: props.drawMode ?? false,
      windowKey: props.windowKey ?? false,
      window: store.snapshot().window,
      isSuggested: (region) => drawnAs !== undefined && boxes.some((shown) => shown.region === region && shown.look === "proposed"),
      boxOf: (region) => boxes.find((shown) => shown.region === region && shown.look !== "faint")?.box ?? null,
    }),
    [readOnly, armed, focused, justDrawn, points, drawnAs, props.drawMode, props.windowKey, store, boxes],
  );
  const { onMoveAll } = props;
  // What comes back is a box that the page has put in: gestures know only that it has a name.
  const onDraw = props.onDraw as ((region: BoxId, box: Box) => void) | undefined;
  const onPick = props.onPick as ((region: BoxId | null, at: ImagePoint) => void) | undefined;
  const results = useMemo(() => ({ onDraw, onMoveAll, onPick }), [onDraw, onMoveAll, onPick]);
  const focusBox = (region: BoxId): void =>
    props.onFocusBox ? props.onFocusBox(region as Id) : onPick?.(region, store.imagePoint(screenPoint(0, 0)));
  const { preview, handlers } = usePointerGestures(store, scene, results);
  const shown = useMemo(() => withPreview(boxes, preview), [boxes, preview]);
  const drawing = preview?.drawn && preview.region && preview.box ? { region: preview.region, box: preview.box } : null;

  const onKeyDown = (event: KeyboardEvent): void => {
    const action = props.store ? null : actionOf(keys, chordOf(event));
    if (!action || !isFilmAction(action)) return;
    event.preventDefault();
    performFilmAction(store, action, boxes.find((entry) => entry.region === focused)?.box ?? null);
  };

  const cursor = props.windowKey ? "window" : points !== null || (!readOnly && armed) ? "draw" : "pan";
  return (
    <div className="film-view" data-testid="film-view" data-cursor={cursor} data-ready={film.pixels ? "" : undefined}>
      <div
        ref={frame}
        className="film-view"
        role="application"
        aria-label={props.label}
        aria-roledescription={t("film.role")}
        tabIndex={0}
        data-testid="film-surface"
        onKeyDown={onKeyDown}
        onContextMenu={(event) => event.preventDefault()}
        onMouseDown={keepFocusOnFilm}
        {...handlers}
      >
        {film.pixels ? <FilmLayer pixels={film.pixels} look={look} /> : <FilmMessage {...film} rows={rows} columns={columns} />}
        <BoxOverlay
          look={look}
          boxes={shown}
          focused={focused}
          drawing={drawing}
          points={points ?? NO_POINTS}
          readOnly={readOnly || points !== null}
          coarse={coarse}
          onFocusBox={(region) => region !== focused && focusBox(region)}
        />
      </div>
      {(props.showTools ?? true) && <FilmTools store={store}>{props.tools}</FilmTools>}
      <ViewMark store={store} />
      {(props.showReadout ?? true) && <FilmReadout look={look} pixelSpacingMm={props.pixelSpacingMm ?? null} />}
    </div>
  );
}

/** A press must not move the focus to the box under it: whether it is taken in hand is known only at the release. */
function keepFocusOnFilm(event: MouseEvent<HTMLElement>): void {
  event.preventDefault();
  event.currentTarget.focus({ preventScroll: true });
}

function withPreview(boxes: readonly FilmBox<BoxId>[], preview: Preview | null): readonly FilmBox<BoxId>[] {
  if (!preview || preview.drawn) return boxes;
  return boxes.map((shown) => {
    if (preview.all && shown.look === "solid") return { ...shown, box: moved(shown.box, preview.all.dx, preview.all.dy) };
    return preview.region === shown.region && preview.box && shown.look !== "faint" ? { ...shown, box: preview.box } : shown;
  });
}

function useViewSize(frame: RefObject<HTMLDivElement | null>, store: FilmStore): void {
  useEffect(() => {
    const element = frame.current;
    if (!element) return undefined;
    const measure = () => store.setView({ width: element.clientWidth, height: element.clientHeight });
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [frame, store]);
}

/** Not through React: its wheel listeners are passive, and the page must not scroll or zoom with the film. */
function useWheelZoom(frame: RefObject<HTMLDivElement | null>, store: FilmStore): void {
  useEffect(() => {
    const element = frame.current;
    if (!element) return undefined;
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      const box = element.getBoundingClientRect();
      const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 33 : 1;
      const about = screenPoint(event.clientX - box.left, event.clientY - box.top);
      if (event.shiftKey) store.pan(-(event.deltaX || event.deltaY) * unit, 0);
      else store.zoom(WHEEL_ZOOM ** (-event.deltaY * unit), about);
    };
    element.addEventListener("wheel", onWheel, { passive: false });
    return () => element.removeEventListener("wheel", onWheel);
  }, [frame, store]);
}
