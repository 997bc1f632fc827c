/** What is known of each of the 17 regions while a film is worked on. */
import type { Box } from "./boxes";
import { REGION_IDS, isRegionId, type RegionId } from "./regions";

export const ABSENT_REASONS = ["cut_off", "amputated", "overlapped", "cast_or_metal", "not_visible"] as const;
export type AbsentReason = (typeof ABSENT_REASONS)[number];

/** `imported`: a box that came from another tool's file. */
export type BoxOrigin = "drawn" | "proposal" | "template" | "imported";

export const ATTRIBUTES = ["centre_not_visible", "occluded", "difficult"] as const;
export type Attribute = (typeof ATTRIBUTES)[number];
export type Attributes = Readonly<Record<Attribute, boolean>>;

export const NO_ATTRIBUTES: Attributes = { centre_not_visible: false, occluded: false, difficult: false };

/** Never a zero box: a region is missing, boxed, or absent with a reason. */
export type RegionContent =
  | { readonly state: "missing" }
  | { readonly state: "boxed"; readonly box: Box; readonly origin: BoxOrigin; readonly attributes: Attributes }
  | { readonly state: "absent"; readonly reason: AbsentReason };

export const MISSING: RegionContent = { state: "missing" };

export interface Proposal {
  readonly box: Box;
  readonly score: number | null;
  readonly origin: "proposal" | "template";
}

export type Contents = Readonly<Record<RegionId, RegionContent>>;
export type Proposals = Readonly<Partial<Record<RegionId, Proposal>>>;

/** The word (and the symbol) that stands beside a region. */
export type ShownState = "missing" | "suggested" | "edited" | "verified" | "absent";

export const STATE_SYMBOLS: Readonly<Record<ShownState, string>> = {
  missing: "○",
  suggested: "◌",
  edited: "✎",
  verified: "✓",
  absent: "∅",
};

export function emptyContents(): Contents {
  return Object.fromEntries(REGION_IDS.map((id) => [id, MISSING])) as Record<RegionId, RegionContent>;
}

/**
 * A box taken over from a proposal as it was is verified, any other box is edited: a person's hand drew it. A missing
 * region with a proposal is suggested.
 */
export function shownState(content: RegionContent, proposal: Proposal | undefined): ShownState {
  if (content.state === "absent") return "absent";
  if (content.state === "boxed") return content.origin === "drawn" ? "edited" : "verified";
  return proposal ? "suggested" : "missing";
}

export const isSettled = (content: RegionContent): boolean => content.state !== "missing";

export const missingRegions = (contents: Contents): RegionId[] =>
  REGION_IDS.filter((id) => !isSettled(contents[id]));

export function sameContent(a: RegionContent, b: RegionContent): boolean {
  return JSON.stringify(canonical(a)) === JSON.stringify(canonical(b));
}

function canonical(content: RegionContent): unknown {
  if (content.state === "missing") return ["missing"];
  if (content.state === "absent") return ["absent", content.reason];
  const { box, attributes } = content;
  return ["boxed", box.x0, box.y0, box.x1, box.y1, ...ATTRIBUTES.map((name) => attributes[name])];
}

/** A region as the server sends it. */
export interface ServerRegion {
  readonly region: string;
  readonly state: "missing" | "boxed" | "absent";
  readonly x0: number | null;
  readonly y0: number | null;
  readonly x1: number | null;
  readonly y1: number | null;
  readonly absent_reason: AbsentReason | null;
  readonly attributes: Attributes;
  readonly origin: BoxOrigin | null;
  readonly revision: number;
}

export function contentOf(region: ServerRegion): RegionContent {
  const { x0, y0, x1, y1 } = region;
  if (region.state === "boxed" && x0 !== null && y0 !== null && x1 !== null && y1 !== null) {
    const attributes = { ...NO_ATTRIBUTES, ...region.attributes };
    return { state: "boxed", box: { x0, y0, x1, y1 }, origin: region.origin ?? "drawn", attributes };
  }
  if (region.state === "absent") return { state: "absent", reason: region.absent_reason ?? "not_visible" };
  return MISSING;
}

export function contentsOf(regions: readonly ServerRegion[]): Contents {
  const contents = { ...emptyContents() } as Record<RegionId, RegionContent>;
  for (const region of regions) if (isRegionId(region.region)) contents[region.region] = contentOf(region);
  return contents;
}

export function revisionsOf(regions: readonly ServerRegion[]): Readonly<Record<RegionId, number>> {
  const revisions = Object.fromEntries(REGION_IDS.map((id) => [id, 0])) as Record<RegionId, number>;
  for (const region of regions) if (isRegionId(region.region)) revisions[region.region] = region.revision;
  return revisions;
}
