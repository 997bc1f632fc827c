/** One finished gesture on one region, on its way to the server. */
import type { Box } from "./boxes";
import { MISSING, type AbsentReason, type Attributes, type BoxOrigin, type RegionContent } from "./regionState";
import type { RegionId } from "./regions";

/** As the API takes it. */
export interface Operation {
  readonly id: string;
  /** The browser's own count within this box set. */
  readonly seq: number;
  readonly kind: "set" | "absent" | "clear";
  readonly region: RegionId;
  readonly base_revision: number;
  readonly box: Box | null;
  readonly attributes: Attributes | null;
  readonly absent_reason: AbsentReason | null;
  readonly origin: BoxOrigin | null;
  readonly made_at: string;
}

/** A gesture not yet acknowledged; `base_revision` null: it follows another one of ours that is still on its way. */
export interface PendingOperation extends Omit<Operation, "base_revision"> {
  readonly base_revision: number | null;
}

export interface OperationStamp {
  readonly id: string;
  readonly seq: number;
  readonly made_at: string;
}

export function operationFor(
  region: RegionId,
  content: RegionContent,
  baseRevision: number | null,
  stamp: OperationStamp,
): PendingOperation {
  const boxed = content.state === "boxed" ? content : null;
  return {
    ...stamp,
    kind: boxed ? "set" : content.state === "absent" ? "absent" : "clear",
    region,
    base_revision: baseRevision,
    box: boxed?.box ?? null,
    attributes: boxed?.attributes ?? null,
    absent_reason: content.state === "absent" ? content.reason : null,
    origin: boxed?.origin ?? null,
  };
}

/** What the region is once the operation has been applied. */
export function contentAfter(operation: PendingOperation): RegionContent {
  if (operation.kind === "set" && operation.box && operation.attributes) {
    const origin = operation.origin ?? "drawn";
    return { state: "boxed", box: operation.box, origin, attributes: operation.attributes };
  }
  if (operation.kind === "absent" && operation.absent_reason) {
    return { state: "absent", reason: operation.absent_reason };
  }
  return MISSING;
}
