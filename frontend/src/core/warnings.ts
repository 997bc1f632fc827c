/** What looks wrong about a layout of boxes. Warnings never block: the film may really be so. */
import { centre, iou, type Box } from "./boxes";
import type { Contents } from "./regionState";
import { REGIONS, REGION_IDS, type RegionId } from "./regions";
import type { Size } from "./viewport";

export type WarningCode = "overlap" | "order" | "outside" | "side";

export interface Warning {
  readonly code: WarningCode;
  readonly regions: readonly RegionId[];
}

const LARGEST_OVERLAP_IOU = 0.7;

export function layoutWarnings(contents: Contents, image: Size, laterality: "L" | "R" | null): Warning[] {
  const boxes = new Map<RegionId, Box>();
  for (const id of REGION_IDS) {
    const content = contents[id];
    if (content.state === "boxed") boxes.set(id, content.box);
  }
  return [...overlaps(boxes), ...brokenRays(boxes), ...outside(boxes, image), ...wrongSide(boxes, laterality)];
}

function overlaps(boxes: Map<RegionId, Box>): Warning[] {
  const entries = [...boxes];
  const found: Warning[] = [];
  entries.forEach(([a, boxA], i) => {
    for (const [b, boxB] of entries.slice(i + 1)) {
      if (iou(boxA, boxB) > LARGEST_OVERLAP_IOU) found.push({ code: "overlap", regions: [a, b] });
    }
  });
  return found;
}

/** Along each finger the regions lie farther and farther from the wrist. */
function brokenRays(boxes: Map<RegionId, Box>): Warning[] {
  const wrist = boxes.get("carpals") ?? boxes.get("radius");
  if (!wrist) return [];
  const from = centre(wrist);
  const far = (box: Box) => Math.hypot(centre(box).x - from.x, centre(box).y - from.y);
  const found: Warning[] = [];
  for (const ray of [1, 2, 3, 4, 5]) {
    const along = REGIONS.filter((region) => region.ray === ray && boxes.has(region.id)).map((region) => region.id);
    for (let i = 1; i < along.length; i++) {
      const [near, next] = [along[i - 1] as RegionId, along[i] as RegionId];
      if (far(boxes.get(near) as Box) >= far(boxes.get(next) as Box)) found.push({ code: "order", regions: [near, next] });
    }
  }
  return found;
}

function outside(boxes: Map<RegionId, Box>, image: Size): Warning[] {
  const out = [...boxes].filter(([, box]) => {
    const { x, y } = centre(box);
    return x < 0 || y < 0 || x > image.width || y > image.height;
  });
  return out.map(([id]) => ({ code: "outside", regions: [id] }));
}

/**
 * Thumb side against the tag. With the fingers up, a film of the left hand (palm down) shows the thumb on the right;
 * the turn of the fingers against the thumb decides, so a rotated film needs nothing.
 */
function wrongSide(boxes: Map<RegionId, Box>, laterality: "L" | "R" | null): Warning[] {
  const shown = handSide(boxes);
  return shown !== null && laterality !== null && shown !== laterality ? [{ code: "side", regions: [] }] : [];
}

export function handSide(boxes: ReadonlyMap<RegionId, Box>): "L" | "R" | null {
  const [wrist, middle] = [boxes.get("carpals"), boxes.get("mc3") ?? boxes.get("pp3")];
  const thumb = boxes.get("pp1") ?? boxes.get("dp1");
  if (!wrist || !middle || !thumb) return null;
  const [w, m, t] = [centre(wrist), centre(middle), centre(thumb)];
  const turn = (m.x - w.x) * (t.y - w.y) - (m.y - w.y) * (t.x - w.x);
  return turn === 0 ? null : turn > 0 ? "L" : "R";
}
