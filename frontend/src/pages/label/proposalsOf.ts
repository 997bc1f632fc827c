import type { BoxSet } from "../../api/types";
import { isRegionId, type RegionId } from "../../core/regions";
import type { Proposal, Proposals } from "../../core/regionState";

/** A model's boxes as proposals: dashed until a person accepts them. */
export function proposalsOf(boxes: BoxSet["proposals"]): Proposals {
  const proposals: Partial<Record<RegionId, Proposal>> = {};
  for (const { region, x0, y0, x1, y1, score } of boxes) {
    if (isRegionId(region)) proposals[region] = { box: { x0, y0, x1, y1 }, score, origin: "proposal" };
  }
  return proposals;
}
