import type { FilmBox } from "../../canvas/types";
import type { Conflict } from "../../core/queue";
import { contentOf, shownState, type Contents, type Proposals, type ShownState } from "../../core/regionState";
import { REGION_IDS, type RegionId } from "../../core/regions";

export function statesOf(contents: Contents, proposals: Proposals): Readonly<Record<RegionId, ShownState>> {
  const entries = REGION_IDS.map((id) => [id, shownState(contents[id], proposals[id])] as const);
  return Object.fromEntries(entries) as Record<RegionId, ShownState>;
}

/** What lies on the film: a person's boxes solid, open suggestions dashed, the other side of a conflict faint. */
export function shownBoxes(
  contents: Contents,
  proposals: Proposals,
  conflicts: readonly Conflict[],
  pinned: ReadonlySet<string>,
  nameOf: (id: RegionId, state: ShownState) => string,
): FilmBox[] {
  const boxes: FilmBox[] = [];
  for (const region of REGION_IDS) {
    const content = contents[region];
    const proposal = proposals[region];
    const name = nameOf(region, shownState(content, proposal));
    const common = { region, name, pinned: pinned.has(region) };
    if (content.state === "boxed") boxes.push({ ...common, box: content.box, look: "solid" });
    else if (content.state === "missing" && proposal) boxes.push({ ...common, box: proposal.box, look: "proposed" });
  }
  for (const conflict of conflicts) {
    const theirs = contentOf(conflict.theirs);
    if (theirs.state === "boxed") boxes.push({ region: conflict.region, box: theirs.box, look: "faint" });
  }
  return boxes;
}
