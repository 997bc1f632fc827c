/** The film's grey values from the server: fetched once, kept for the films in hand and the next. */
import { ApiError, errorOf } from "../api/client";
import type { FilmPixels } from "./renderer";

/** The film on screen, the next one and the one before. */
const KEPT = 3;
const kept = new Map<string, Promise<FilmPixels>>();

/** `ahead`: for a film that is not shown yet, which the log of openings is told. */
export function loadPixels(url: string, rows: number, columns: number, ahead = false): Promise<FilmPixels> {
  const found = kept.get(url);
  if (found) {
    kept.delete(url);
    kept.set(url, found);
    return found;
  }
  const wanted = fetchPixels(url, rows, columns, ahead);
  kept.set(url, wanted);
  wanted.catch(() => kept.delete(url));
  for (const oldest of [...kept.keys()].slice(0, Math.max(0, kept.size - KEPT))) kept.delete(oldest);
  return wanted;
}

/** Lets go of a film's grey values at once. */
export function forgetPixels(url: string): void {
  kept.delete(url);
}

async function fetchPixels(url: string, rows: number, columns: number, ahead: boolean): Promise<FilmPixels> {
  let response: Response;
  try {
    response = await fetch(url, { credentials: "same-origin", ...(ahead ? { headers: { "X-Fetched-Ahead": "1" } } : {}) });
  } catch {
    throw new ApiError("offline", "The server cannot be reached.", 0);
  }
  if (!response.ok) throw await errorOf(response);
  const bytes = await response.arrayBuffer();
  return { values: decoded(bytes, rows, columns), rows, columns };
}

/** Little-endian 16-bit values; a picture of another size than announced is refused, not stretched. */
export function decoded(bytes: ArrayBuffer, rows: number, columns: number): Uint16Array {
  if (bytes.byteLength !== rows * columns * 2) {
    throw new ApiError("bad_pixels", `expected ${rows} x ${columns} grey values, got ${bytes.byteLength / 2}`, 0);
  }
  if (isLittleEndian()) return new Uint16Array(bytes);
  const view = new DataView(bytes);
  return Uint16Array.from({ length: rows * columns }, (_, i) => view.getUint16(i * 2, true));
}

const isLittleEndian = (): boolean => new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
