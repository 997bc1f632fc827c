import type { Snapshot } from "../../api/types";

/** The numbers that a snapshot states about itself, flat. */
export function countsOf(snapshot: Snapshot): [string, number][] {
  const counts = snapshot.counts ?? (snapshot.manifest?.["counts"] as Record<string, unknown> | undefined) ?? {};
  return Object.entries(counts).flatMap(([name, value]): [string, number][] => {
    if (typeof value === "number") return [[name, value]];
    if (value === null || typeof value !== "object") return [];
    return Object.entries(value).flatMap(([inner, number]): [string, number][] =>
      typeof number === "number" ? [[`${name} ${inner}`, number]] : [],
    );
  });
}
