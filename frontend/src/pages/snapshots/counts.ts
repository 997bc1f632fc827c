import type { Snapshot } from "../../api/types";

export const COUNTS = ["radiographs", "patients", "with_boxes", "with_bone_age"] as const;
export const PARTS = ["train", "validation", "test"] as const;

/** The numbers that a snapshot states about itself, in the order that people ask for them. */
export function countsOf(snapshot: Snapshot): [(typeof COUNTS)[number] | (typeof PARTS)[number], number][] {
  const parts = (snapshot.counts["parts"] ?? {}) as Record<string, unknown>;
  return [
    ...COUNTS.map((name) => [name, snapshot.counts[name]] as const),
    ...PARTS.map((name) => [name, parts[name]] as const),
  ].filter((pair): pair is [(typeof pair)[0], number] => typeof pair[1] === "number");
}
