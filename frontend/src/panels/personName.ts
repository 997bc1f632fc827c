import type { Person } from "../api/types";

export function personName(who: Person | string | null): string | null {
  if (who === null || typeof who === "string") return who;
  return who.display_name || who.username;
}
