/** Addresses of the API. Needs nothing: the first few lines that run ask for data already. */

export const API = "/api/v1";

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
