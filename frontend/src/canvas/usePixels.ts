import { useCallback, useEffect, useState } from "react";

import { ApiError } from "../api/client";
import { loadPixels } from "./pixels";
import type { FilmPixels } from "./renderer";

export interface PixelsState {
  readonly pixels: FilmPixels | null;
  readonly error: ApiError | null;
  retry(): void;
}

export function usePixels(url: string, rows: number, columns: number): PixelsState {
  const [state, setState] = useState<{ pixels: FilmPixels | null; error: ApiError | null }>({ pixels: null, error: null });
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    let current = true;
    setState({ pixels: null, error: null });
    loadPixels(url, rows, columns).then(
      (pixels) => current && setState({ pixels, error: null }),
      (error: unknown) => {
        const known = error instanceof ApiError ? error : new ApiError("bad_pixels", String(error), 0);
        if (current) setState({ pixels: null, error: known });
      },
    );
    return () => {
      current = false;
    };
  }, [url, rows, columns, attempt]);
  const retry = useCallback(() => setAttempt((before) => before + 1), []);
  return { ...state, retry };
}
