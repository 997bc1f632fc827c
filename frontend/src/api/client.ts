/** One way to the server: cookies, the CSRF header, and errors that carry a code. */

import { address, type Query } from "./address";
import { forgetAhead, READING, takeAhead } from "./ahead";

export interface ErrorBody {
  error?: { code?: string; message?: string; details?: Record<string, unknown> };
}

/** A refusal of the server, or `offline` when it could not be reached. */
export class ApiError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly status: number,
    readonly details: Record<string, unknown> = {},
  ) {
    super(message);
    this.name = "ApiError";
  }
}

export function csrfToken(): string {
  const found = document.cookie.split("; ").find((cookie) => cookie.startsWith("csrftoken="));
  return found ? decodeURIComponent(found.slice("csrftoken=".length)) : "";
}

type Listener = () => void;
const signedOutListeners = new Set<Listener>();

/** Tells the shell that the session has ended, so that it can ask for the password over the page. */
export function onSignedOut(listener: Listener): () => void {
  signedOutListeners.add(listener);
  return () => signedOutListeners.delete(listener);
}

/** The session has ended: everybody who listens is told, first of all the shell, which asks for the password. */
export const announceSignedOut = (): void => signedOutListeners.forEach((listener) => listener());

export async function errorOf(response: Response): Promise<ApiError> {
  let body: ErrorBody = {};
  try {
    body = (await response.json()) as ErrorBody;
  } catch {
    body = {};
  }
  const code = body.error?.code ?? (response.status >= 500 ? "server_error" : `http_${response.status}`);
  return new ApiError(code, body.error?.message ?? response.statusText, response.status, body.error?.details ?? {});
}

export interface Call {
  method?: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  query?: Query;
  body?: unknown;
  signal?: AbortSignal;
}

/** A request as it is sent: what only reads carries no token. */
function requestOf({ method = "GET", body, signal }: Call): RequestInit {
  if (method === "GET") return signal ? { ...READING, signal } : READING;
  const headers = { ...READING.headers, "X-CSRFToken": csrfToken(), ...(body !== undefined && { "Content-Type": "application/json" }) };
  return { ...READING, method, headers, ...(body !== undefined && { body: JSON.stringify(body) }), ...(signal && { signal }) };
}

async function send(path: string, call: Call): Promise<Response> {
  const method = call.method ?? (call.body === undefined ? "GET" : "POST");
  const url = address(path, call.query);
  if (method !== "GET") forgetAhead();
  let response: Response;
  try {
    response = await (takeAhead(url) ?? fetch(url, requestOf({ ...call, method })));
  } catch (failure) {
    if (failure instanceof DOMException && failure.name === "AbortError") throw failure;
    throw new ApiError("offline", "The server cannot be reached.", 0);
  }
  if (!response.ok) {
    const error = await errorOf(response);
    if (error.status === 401 && !(path === "/session" && method === "POST")) {
      announceSignedOut();
    }
    throw error;
  }
  return response;
}

/** A JSON call; 204 gives null. */
export async function call<T>(path: string, options: Call = {}): Promise<T> {
  const response = await send(path, options);
  if (response.status === 204) return null as T;
  return (await response.json()) as T;
}

export async function callText(path: string, options: Call = {}): Promise<string> {
  const response = await send(path, options);
  return response.text();
}
