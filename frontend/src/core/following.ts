/**
 * Suggestions take on the person's habit of size: who draws one metacarpal's box wider than it was suggested will draw
 * the next one wider as well. On 205 real hands that no model learnt from, the sizes (logarithms) by which the model
 * missed the boxes of one kind of bone correlated by 0.39 within a hand (docs/decisions/0071), so of k boxes that a
 * person has settled the open ones of that kind expect this much of the mean change. Places do not follow: a place that
 * is wrong is wrong by itself.
 */
import { centre, height, width, type Box } from "./boxes";
import { isSettled, type Contents, type Proposal, type Proposals } from "./regionState";
import { REGION_IDS, regionById, type RegionId } from "./regions";

const CORRELATION = 0.39;

export function followed(proposals: Proposals, contents: Contents): Proposals {
  const changes = new Map<string, [number, number][]>();
  for (const id of REGION_IDS) {
    const [content, proposal] = [contents[id], proposals[id]];
    if (content.state !== "boxed" || !proposal) continue;
    const kind = regionById(id).type;
    changes.set(kind, [...(changes.get(kind) ?? []), changeOf(proposal.box, content.box)]);
  }
  if (changes.size === 0) return proposals;
  const entries = (Object.entries(proposals) as [RegionId, Proposal][]).map(([id, proposal]): [RegionId, Proposal] => {
    const seen = changes.get(regionById(id).type);
    return [id, seen && !isSettled(contents[id]) ? { ...proposal, box: resizedBy(proposal.box, expected(seen)) } : proposal];
  });
  return Object.fromEntries(entries);
}

const changeOf = (from: Box, to: Box): [number, number] => [Math.log(width(to) / width(from)), Math.log(height(to) / height(from))];

/** The mean of what is known of equally correlated values, drawn back towards no change. */
function expected(seen: readonly [number, number][]): [number, number] {
  const k = seen.length;
  const share = CORRELATION / (1 + CORRELATION * (k - 1));
  const sum = (axis: 0 | 1) => seen.reduce((total, change) => total + change[axis], 0);
  return [share * sum(0), share * sum(1)];
}

function resizedBy(box: Box, [wider, higher]: readonly [number, number]): Box {
  const { x, y } = centre(box);
  const [w, h] = [(width(box) * Math.exp(wider)) / 2, (height(box) * Math.exp(higher)) / 2];
  return { x0: x - w, y0: y - h, x1: x + w, y1: y + h };
}
