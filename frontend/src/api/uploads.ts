import { address } from "./address";
import { ApiError, call, csrfToken, type ErrorBody } from "./client";
import type { Health, KnownFilm, Upload } from "./types";

/**
 * Sends one film. XMLHttpRequest, because fetch cannot tell how much of the body has gone. Its name stays here: names
 * of files are full of names of children.
 * Rejects with an ApiError; an abort rejects with code `aborted`.
 */
export function sendFilm(
  film: Blob,
  options: { cohort: string | null; onProgress: (share: number) => void; signal: AbortSignal },
): Promise<Upload> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", address("/uploads"));
    request.withCredentials = true;
    request.setRequestHeader("X-CSRFToken", csrfToken());
    request.setRequestHeader("Accept", "application/json");
    request.upload.onprogress = (event) => {
      if (event.lengthComputable && event.total > 0) options.onProgress(event.loaded / event.total);
    };
    request.onload = () => settle(request, resolve, reject);
    request.onerror = () => reject(new ApiError("offline", "The server cannot be reached.", 0));
    request.onabort = () => reject(new ApiError("aborted", "The upload was stopped.", 0));
    options.signal.addEventListener("abort", () => request.abort(), { once: true });
    const form = new FormData();
    form.append("file", film, "film");
    if (options.cohort) form.append("cohort", options.cohort);
    request.send(form);
  });
}

function settle(request: XMLHttpRequest, resolve: (upload: Upload) => void, reject: (error: ApiError) => void): void {
  let body: unknown = null;
  try {
    body = JSON.parse(request.responseText);
  } catch {
    body = null;
  }
  if (request.status >= 200 && request.status < 300 && body) {
    resolve(body as Upload);
    return;
  }
  const error = (body as ErrorBody | null)?.error;
  const code = error?.code ?? (request.status === 413 ? "too_large" : "server_error");
  reject(new ApiError(code, error?.message ?? request.statusText, request.status, error?.details ?? {}));
}

/** What has become of films that waited for the gate; at most 500 at a time. */
export const outcomesOf = (arrivals: readonly string[]) => call<Upload[]>("/uploads/outcomes", { body: { ids: arrivals } });

/** Those films whose content is here already; at most 1000 checksums at a time. */
export const knownFilms = (sha256: readonly string[]) => call<KnownFilm[]>("/uploads/known", { body: { sha256 } });

export const serverIsThere = () => call<Health>("/health").then(() => true);
