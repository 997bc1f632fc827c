import type { ApiError } from "../../api/client";
import type { Reason } from "../../api/types";

/**
 * queued, sending: here in the browser. waiting: safe on the server, the gate has not looked yet. received, duplicate,
 * rejected, blocked: what the gate said. failed: not sent in the end. stopped: by the person.
 */
export const UPLOAD_STATUSES = [
  "queued",
  "sending",
  "waiting",
  "received",
  "duplicate",
  "blocked",
  "rejected",
  "failed",
  "stopped",
] as const;
export type UploadStatus = (typeof UPLOAD_STATUSES)[number];

/** One film that was handed in, as the list shows it. */
export interface UploadItem {
  readonly id: number;
  readonly name: string;
  readonly folder: string;
  readonly bytes: number;
  readonly status: UploadStatus;
  /** How much of it has been sent, 0..1. */
  readonly share: number;
  /** Under which the server knows it. */
  readonly arrival: string | null;
  readonly study: string | null;
  /** The server's reason. */
  readonly reason: Reason | null;
  /** Why it did not get as far as the gate. */
  readonly error: ApiError | null;
  /** It was there already and was not sent again. */
  readonly skipped: boolean;
}

/** Why nothing is sent for now; it goes on by itself, after `signed_out` once somebody has signed in. */
export type Pause = "offline" | "busy" | "signed_out";

export interface UploadSummary {
  readonly total: number;
  readonly counts: Readonly<Record<UploadStatus, number>>;
  /** Still here in the browser: queued or being sent. */
  readonly open: number;
  /** Share of all bytes that need not be sent any more, 0..1. */
  readonly share: number;
}

export interface UploadState {
  readonly items: readonly UploadItem[];
  readonly summary: UploadSummary;
  readonly pause: Pause | null;
}

const PROBLEMS: readonly UploadStatus[] = ["blocked", "rejected", "failed", "stopped"];

export const isProblem = (item: UploadItem): boolean => PROBLEMS.includes(item.status);
/** Whether there is something to say about it besides its outcome. */
export const hasReason = (item: UploadItem): boolean =>
  item.reason !== null || item.status === "blocked" || (item.error !== null && (item.status === "failed" || item.status === "rejected"));
export const isOpen = (item: UploadItem): boolean => item.status === "queued" || item.status === "sending";

export function summarise(items: readonly UploadItem[]): UploadSummary {
  const counts = Object.fromEntries(UPLOAD_STATUSES.map((status) => [status, 0])) as Record<UploadStatus, number>;
  let bytes = 0;
  let done = 0;
  for (const item of items) {
    counts[item.status] += 1;
    bytes += item.bytes;
    done += item.bytes * (item.status === "queued" ? 0 : item.status === "sending" ? item.share : 1);
  }
  return { total: items.length, counts, open: counts.queued + counts.sending, share: bytes > 0 ? done / bytes : 0 };
}
