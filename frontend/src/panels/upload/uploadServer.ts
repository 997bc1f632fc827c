import { ApiError } from "../../api/client";
import type { KnownFilm, Upload } from "../../api/types";
import type { Pause } from "./items";

export type SendFilm = (
  film: Blob,
  options: { cohort: string | null; onProgress: (share: number) => void; signal: AbortSignal },
) => Promise<Upload>;

/** What the queue needs of its server; each rejects with an ApiError. */
export interface UploadServer {
  readonly send: SendFilm;
  outcomes(arrivals: readonly string[]): Promise<readonly Upload[]>;
  reachable(): Promise<boolean>;
  /** Asks for the password over the page. */
  signedOut(): void;
  /** Content that the server has already; null where checksums cannot be worked out. */
  readonly known: ((sha256: readonly string[]) => Promise<readonly KnownFilm[]>) | null;
  digest(film: Blob): Promise<string>;
}

/** What goes wrong besides the server and the network is the file itself: gone, changed, not to be read. */
export const asApiError = (failure: unknown): ApiError =>
  failure instanceof ApiError ? failure : new ApiError("unreadable_file", "The file cannot be read.", 0);

/** Whether everything has to wait, not only this film. */
export function pauseOf(error: ApiError): Pause | null {
  if (error.status === 401) return "signed_out";
  if (error.code === "offline") return "offline";
  return [429, 502, 503, 504].includes(error.status) ? "busy" : null;
}

/** Sending it again would change nothing. */
export const isRefusal = (error: ApiError): boolean => error.code.startsWith("zip_") || error.status === 413;
