/** One way to the server: cookies, the CSRF header, and errors that carry a code. */

export const API = "/api/v1";

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

export type Query = Record<string, string | number | boolean | null | undefined>;

export function address(path: string, query: Query = {}): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== "") parameters.set(name, String(value));
  }
  const text = parameters.toString();
  const base = path.startsWith("/api/") ? path : API + path;
  return text ? `${base}?${text}` : base;
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

async function send(path: string, call: Call): Promise<Response> {
  const method = call.method ?? (call.body === undefined ? "GET" : "POST");
  const headers: Record<string, string> = { Accept: "application/json" };
  if (method !== "GET") headers["X-CSRFToken"] = csrfToken();
  if (call.body !== undefined) headers["Content-Type"] = "application/json";
  const init: RequestInit = { method, headers, credentials: "same-origin" };
  if (call.body !== undefined) init.body = JSON.stringify(call.body);
  if (call.signal) init.signal = call.signal;
  let response: Response;
  try {
    response = await fetch(address(path, call.query), init);
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
