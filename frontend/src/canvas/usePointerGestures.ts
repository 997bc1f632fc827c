import { useCallback, useRef, useState, type PointerEvent } from "react";

import { HANDLES, type Box, type BoxId, type Handle } from "../core/boxes";
import type { FilmStore } from "../core/filmStore";
import { screenPoint, type ImagePoint, type ScreenPoint } from "../core/points";
import { begin } from "../tools/begin";
import type { Effect, Gesture, PointerFact, Scene, Step, Target } from "../tools/gesture";
import { pinched } from "../tools/pinch";

export interface GestureResults {
  onDraw?: ((region: BoxId, box: Box) => void) | undefined;
  onMoveAll?: ((dx: number, dy: number) => void) | undefined;
  onPick?: ((region: BoxId | null, at: ImagePoint) => void) | undefined;
}

export interface Preview {
  readonly region?: BoxId;
  readonly box?: Box;
  /** Drawn out anew: what was there stays where it is until the release. */
  readonly drawn?: boolean;
  readonly all?: { readonly dx: number; readonly dy: number };
}

/** Pointers on the film, translated into the states of `tools` and their effects. */
export function usePointerGestures(store: FilmStore, scene: () => Scene, results: GestureResults) {
  const [preview, setPreview] = useState<Preview | null>(null);
  const gesture = useRef<Gesture | null>(null);
  const touches = useRef(new Map<number, ScreenPoint>());

  const perform = useCallback(
    (effect: Effect) => {
      switch (effect.kind) {
        case "preview":
          return setPreview({ region: effect.region, box: effect.box, drawn: effect.drawn ?? false });
        case "previewAll":
          return setPreview({ all: { dx: effect.dx, dy: effect.dy } });
        case "endPreview":
          return setPreview(null);
        case "draw":
          return results.onDraw?.(effect.region, effect.box);
        case "moveAll":
          return results.onMoveAll?.(effect.dx, effect.dy);
        case "pick":
          return results.onPick?.(effect.region, effect.at);
        case "pan":
          return store.pan(effect.dx, effect.dy);
        case "zoom":
          return store.zoom(effect.factor, effect.about);
        case "window":
          return store.dragWindow(effect.start, effect.dx, effect.dy);
      }
    },
    [store, results],
  );

  const take = (step: Step): void => {
    gesture.current = step.gesture;
    step.effects.forEach(perform);
  };

  const onPointerDown = (event: PointerEvent<HTMLElement>): void => {
    const at = pointIn(event);
    if (event.pointerType === "touch") touches.current.set(event.pointerId, at);
    event.currentTarget.setPointerCapture(event.pointerId);
    if (touches.current.size > 1) {
      if (gesture.current) take(gesture.current.cancel());
      return;
    }
    gesture.current = begin(factOf(event, store), scene());
  };

  const onPointerMove = (event: PointerEvent<HTMLElement>): void => {
    if (touches.current.size > 1 && touches.current.has(event.pointerId)) {
      pinchWith(event.pointerId, pointIn(event));
      return;
    }
    if (gesture.current) take(gesture.current.move(factOf(event, store), scene()));
  };

  const pinchWith = (id: number, at: ScreenPoint): void => {
    const other = [...touches.current].find(([key]) => key !== id)?.[1];
    const before = touches.current.get(id);
    if (other && before) pinched([before, other], [at, other]).forEach(perform);
    touches.current.set(id, at);
  };

  const onPointerUp = (event: PointerEvent<HTMLElement>): void => {
    const wasPinch = touches.current.size > 1;
    touches.current.delete(event.pointerId);
    if (!wasPinch && gesture.current) take(gesture.current.up(factOf(event, store), scene()));
  };

  const onPointerCancel = (event: PointerEvent<HTMLElement>): void => {
    touches.current.delete(event.pointerId);
    if (gesture.current) take(gesture.current.cancel());
  };

  return { preview, handlers: { onPointerDown, onPointerMove, onPointerUp, onPointerCancel } };
}

function pointIn(event: PointerEvent<HTMLElement>): ScreenPoint {
  const frame = event.currentTarget.getBoundingClientRect();
  return screenPoint(event.clientX - frame.left, event.clientY - frame.top);
}

function factOf(event: PointerEvent<HTMLElement>, store: FilmStore): PointerFact {
  const screen = pointIn(event);
  return {
    screen,
    image: store.imagePoint(screen),
    target: targetOf(event.target),
    button: Math.max(0, event.button),
    ctrl: event.ctrlKey || event.metaKey,
    shift: event.shiftKey,
    touch: event.pointerType === "touch",
  };
}

function targetOf(element: EventTarget | null): Target {
  if (!(element instanceof Element)) return { kind: "film" };
  const region = element.closest<SVGElement>("[data-region]")?.dataset["region"];
  if (!region) return { kind: "film" };
  const handle = element.closest<SVGElement>("[data-handle]")?.dataset["handle"];
  if (handle && HANDLES.includes(handle as Handle)) return { kind: "handle", region, handle: handle as Handle };
  const part = (element as SVGElement).dataset["part"] === "edge" ? "edge" : "inside";
  return { kind: "box", region, part };
}
