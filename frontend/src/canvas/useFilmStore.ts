import { useEffect, useMemo, useSyncExternalStore } from "react";

import type { ViewTransform } from "../api/types";
import { FilmStore, type FilmLook, type FilmPreset } from "../core/filmStore";
import { AS_STORED, orientationOf } from "../core/viewport";
import type { GreyWindow, WindowHabit } from "../core/window";

const STORAGE_KEY = "boneage-window-habit";

interface Kept extends WindowHabit {
  readonly inverted: boolean;
}

/** What there is to know of a film before its pixels have come. */
export interface ShownFilm {
  /** What tells it from other films. */
  readonly film: string;
  readonly columns: number;
  readonly rows: number;
  readonly window: GreyWindow;
  readonly windows?: readonly GreyWindow[] | undefined;
  readonly view?: ViewTransform | undefined;
  /** False where each film is to be seen as it is: no window is brought from another film, and none is kept. */
  readonly remembers?: boolean | undefined;
}

/** The header's windows without the one that is the default already. */
const furtherWindows = (base: GreyWindow, windows: readonly GreyWindow[]): GreyWindow[] =>
  windows.filter(
    (other) => other.center !== base.center || other.width !== base.width || other.function !== base.function,
  );

/** The default and the further windows of a header belong to their film alone. */
const isOfThisFilm = (preset: FilmPreset | null): boolean => preset === "default" || typeof preset === "number";

/** The look of one film; a new film starts with the person's last window, as far from its own default as before. */
export function useFilmStore({ film, columns, rows, window, windows, view, remembers = true }: ShownFilm): FilmStore {
  const { center, width, function: curve } = window;
  const store = useMemo(() => {
    const kept = remembers ? readKept() : null;
    return new FilmStore({ width: columns, height: rows }, { center, width, function: curve }, {
      habit: kept,
      inverted: kept?.inverted ?? false,
      home: view ? orientationOf(view) : AS_STORED,
      headerWindows: furtherWindows(window, windows ?? []),
    });
    // A new film, a new look: even if it happens to have the same size and window. Nothing else of a film changes.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [columns, rows, center, width, curve, film]);
  useEffect(() => {
    if (!remembers) return undefined;
    let before = store.snapshot();
    return store.subscribe(() => {
      const now = store.snapshot();
      if (now.window !== before.window || now.inverted !== before.inverted) {
        const { preset, inverted } = now;
        writeKept(isOfThisFilm(preset) && !inverted ? null : { ...store.habit(), inverted });
      }
      before = now;
    });
  }, [store, remembers]);
  return store;
}

export const useFilmLook = (store: FilmStore): FilmLook => useSyncExternalStore(store.subscribe, store.snapshot);

function readKept(): Kept | null {
  try {
    const kept = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? "null") as Partial<Kept> | null;
    if (!kept || !Number.isFinite(kept.centerShift) || !Number.isFinite(kept.widthFactor)) return null;
    return { centerShift: kept.centerShift as number, widthFactor: kept.widthFactor as number, inverted: kept.inverted === true };
  } catch {
    return null;
  }
}

function writeKept(kept: Kept | null): void {
  try {
    if (kept) localStorage.setItem(STORAGE_KEY, JSON.stringify(kept));
    else localStorage.removeItem(STORAGE_KEY);
  } catch {
    // A browser that keeps nothing starts each film with its default window.
  }
}
