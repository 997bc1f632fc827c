/**
 * Edits as data: an edit says what a region becomes, applying it gives the new contents and a ChangeSet of what was and
 * what is. Undo is the ChangeSet turned round: further edits, sent like any other.
 */
import { edgeMoved, isLargeEnough, moved, type Box, type Edge } from "./boxes";
import {
  MISSING,
  NO_ATTRIBUTES,
  isSettled,
  sameContent,
  type AbsentReason,
  type Attribute,
  type BoxOrigin,
  type Contents,
  type Proposals,
  type RegionContent,
} from "./regionState";
import { REGION_IDS, type RegionId } from "./regions";

export interface Change {
  readonly region: RegionId;
  readonly old: RegionContent;
  readonly new: RegionContent;
}

/** What one gesture changed; empty when it changed nothing. */
export type ChangeSet = readonly Change[];

export interface Applied {
  readonly contents: Contents;
  readonly changes: ChangeSet;
}

export type Edit =
  | { readonly kind: "draw"; readonly region: RegionId; readonly box: Box }
  | { readonly kind: "accept"; readonly region: RegionId }
  | { readonly kind: "acceptAll" }
  | { readonly kind: "absent"; readonly region: RegionId; readonly reason: AbsentReason }
  | { readonly kind: "clear"; readonly region: RegionId }
  | { readonly kind: "attribute"; readonly region: RegionId; readonly attribute: Attribute }
  | { readonly kind: "nudge"; readonly region: RegionId; readonly dx: number; readonly dy: number }
  | { readonly kind: "nudgeEdge"; readonly region: RegionId; readonly edge: Edge; readonly outwardsPx: number }
  | { readonly kind: "moveAll"; readonly dx: number; readonly dy: number };

/** Applies one edit. An edit that makes no sense where it is asked for changes nothing. */
export function applyEdit(contents: Contents, proposals: Proposals, edit: Edit): Applied {
  return withContents(contents, wanted(contents, proposals, edit));
}

function wanted(contents: Contents, proposals: Proposals, edit: Edit): Partial<Record<RegionId, RegionContent>> {
  switch (edit.kind) {
    case "draw":
      return isLargeEnough(edit.box) ? { [edit.region]: boxed(contents[edit.region], edit.box, "drawn") } : {};
    case "accept":
      return accepted(contents, proposals, [edit.region]);
    case "acceptAll":
      return accepted(contents, proposals, REGION_IDS);
    case "absent":
      return { [edit.region]: { state: "absent", reason: edit.reason } };
    case "clear":
      return { [edit.region]: MISSING };
    case "attribute":
      return attributed(contents, proposals, edit.region, edit.attribute);
    case "nudge":
      return reshaped(contents, proposals, edit.region, (box) => moved(box, edit.dx, edit.dy));
    case "nudgeEdge":
      return reshaped(contents, proposals, edit.region, (box) => edgeMoved(box, edit.edge, edit.outwardsPx));
    case "moveAll":
      return allMoved(contents, edit.dx, edit.dy);
  }
}

const boxed = (old: RegionContent, box: Box, origin: BoxOrigin): RegionContent => ({
  state: "boxed",
  box,
  origin,
  attributes: old.state === "boxed" ? old.attributes : NO_ATTRIBUTES,
});

/** Proposals never overwrite what a person has said. */
function accepted(contents: Contents, proposals: Proposals, regions: readonly RegionId[]) {
  const wantedContents: Partial<Record<RegionId, RegionContent>> = {};
  for (const region of regions) {
    const proposal = proposals[region];
    if (proposal && !isSettled(contents[region])) {
      wantedContents[region] = boxed(MISSING, proposal.box, proposal.origin);
    }
  }
  return wantedContents;
}

/** The box that a key would move: the person's, else the suggested one (which it thereby takes over). */
export function workingBox(contents: Contents, proposals: Proposals, region: RegionId): Box | null {
  const content = contents[region];
  if (content.state === "boxed") return content.box;
  if (content.state === "absent") return null;
  return proposals[region]?.box ?? null;
}

function reshaped(contents: Contents, proposals: Proposals, region: RegionId, reshape: (box: Box) => Box) {
  const box = workingBox(contents, proposals, region);
  return box ? { [region]: boxed(contents[region], reshape(box), "drawn") } : {};
}

/** A suggested box whose attribute is set is thereby taken over: the person has looked at it. */
function attributed(contents: Contents, proposals: Proposals, region: RegionId, attribute: Attribute) {
  const base = accepted(contents, proposals, [region])[region] ?? contents[region];
  if (base.state !== "boxed") return {};
  const attributes = { ...base.attributes, [attribute]: !base.attributes[attribute] };
  return { [region]: { ...base, attributes } };
}

function allMoved(contents: Contents, dx: number, dy: number) {
  const wantedContents: Partial<Record<RegionId, RegionContent>> = {};
  for (const region of REGION_IDS) {
    const content = contents[region];
    if (content.state === "boxed") wantedContents[region] = boxed(content, moved(content.box, dx, dy), "drawn");
  }
  return wantedContents;
}

/** Puts the wanted contents in place and says what really changed. */
export function withContents(contents: Contents, wantedContents: Partial<Record<RegionId, RegionContent>>): Applied {
  const changes: Change[] = [];
  for (const region of REGION_IDS) {
    const next = wantedContents[region];
    if (next && !sameContent(contents[region], next)) changes.push({ region, old: contents[region], new: next });
  }
  return changes.length === 0 ? { contents, changes } : { contents: replay(contents, changes), changes };
}

export function replay(contents: Contents, changes: ChangeSet): Contents {
  const next = { ...contents } as Record<RegionId, RegionContent>;
  for (const change of changes) next[change.region] = change.new;
  return next;
}

export const turnedRound = (changes: ChangeSet): ChangeSet =>
  [...changes].reverse().map(({ region, old, new: current }) => ({ region, old: current, new: old }));

/** Two gestures as one, for a held arrow key. */
export function joined(first: ChangeSet, second: ChangeSet): ChangeSet {
  const byRegion = new Map(first.map((change) => [change.region, change]));
  for (const change of second) {
    const earlier = byRegion.get(change.region);
    byRegion.set(change.region, earlier ? { ...change, old: earlier.old } : change);
  }
  return [...byRegion.values()];
}
