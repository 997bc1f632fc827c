import { useEffect, useMemo, useSyncExternalStore } from "react";

import { FilmStore, type FilmLook } from "../core/filmStore";
import type { GreyWindow, WindowHabit } from "../core/window";

const STORAGE_KEY = "boneage-window-habit";

interface Kept extends WindowHabit {
  readonly inverted: boolean;
}

/** The look of one film; a new film starts with the person's last window, as far from its own default as before. */
export function useFilmStore(columns: number, rows: number, window: GreyWindow, film: string): FilmStore {
  const { center, width } = window;
  const store = useMemo(() => {
    const kept = readKept();
    return new FilmStore({ width: columns, height: rows }, { center, width }, kept, kept?.inverted ?? false);
    // A new film, a new look: even if it happens to have the same size and window.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [columns, rows, center, width, film]);
  useEffect(() => {
    let before = store.snapshot();
    return store.subscribe(() => {
      const now = store.snapshot();
      if (now.window !== before.window || now.inverted !== before.inverted) {
        writeKept(now.preset === "default" && !now.inverted ? null : { ...store.habit(), inverted: now.inverted });
      }
      before = now;
    });
  }, [store]);
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
