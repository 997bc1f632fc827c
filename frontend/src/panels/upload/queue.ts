import { ApiError } from "../../api/client";
import type { Upload } from "../../api/types";

export type UploadStatus = "waiting" | "sending" | "received" | "duplicate" | "rejected" | "failed" | "stopped";

export interface UploadItem {
  id: number;
  file: File;
  status: UploadStatus;
  /** How much of the file has been sent, 0..1. */
  share: number;
  upload: Upload | null;
  error: ApiError | null;
}

export type SendFilm = (
  file: File,
  options: { cohort: string | null; onProgress: (share: number) => void; signal: AbortSignal },
) => Promise<Upload>;

const AT_ONCE = 3;

/** Sends files a few at a time, remembers how each ended, and never lets one stop the others. */
export class UploadQueue {
  private items: readonly UploadItem[] = [];
  private listeners = new Set<() => void>();
  private aborts = new Map<number, AbortController>();
  private nextId = 1;
  cohort: string | null = null;

  constructor(
    private readonly send: SendFilm,
    private readonly onSettled: (item: UploadItem) => void = () => {},
    private readonly atOnce = AT_ONCE,
  ) {}

  readonly snapshot = (): readonly UploadItem[] => this.items;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  add(files: readonly File[]): void {
    const added = files.map(
      (file): UploadItem => ({ id: this.nextId++, file, status: "waiting", share: 0, upload: null, error: null }),
    );
    this.items = [...this.items, ...added];
    this.changed();
    this.pump();
  }

  /** Sends again what the network or the server lost; a refusal of a film stays a refusal. */
  retryFailed(): void {
    this.items = this.items.map((item) =>
      item.status === "failed" || item.status === "stopped"
        ? { ...item, status: "waiting", share: 0, error: null }
        : item,
    );
    this.changed();
    this.pump();
  }

  stop(): void {
    this.items = this.items.map((item) => (item.status === "waiting" ? { ...item, status: "stopped" } : item));
    this.changed();
    for (const abort of this.aborts.values()) abort.abort();
  }

  clear(): void {
    this.items = this.items.filter((item) => item.status === "waiting" || item.status === "sending");
    this.changed();
  }

  private pump(): void {
    let sending = this.items.filter((item) => item.status === "sending").length;
    for (const item of this.items) {
      if (sending >= this.atOnce) return;
      if (item.status !== "waiting") continue;
      sending += 1;
      void this.start(item);
    }
  }

  private async start(item: UploadItem): Promise<void> {
    const abort = new AbortController();
    this.aborts.set(item.id, abort);
    this.set(item.id, { status: "sending" });
    try {
      const upload = await this.send(item.file, {
        cohort: this.cohort,
        onProgress: (share) => this.set(item.id, { share }),
        signal: abort.signal,
      });
      this.set(item.id, { status: upload.outcome, share: 1, upload });
    } catch (failure) {
      const error = failure instanceof ApiError ? failure : new ApiError("server_error", String(failure), 0);
      this.set(item.id, { status: error.code === "aborted" ? "stopped" : "failed", error });
    }
    this.aborts.delete(item.id);
    const settled = this.items.find((other) => other.id === item.id);
    if (settled) this.onSettled(settled);
    this.pump();
  }

  private set(id: number, change: Partial<UploadItem>): void {
    this.items = this.items.map((item) => (item.id === id ? { ...item, ...change } : item));
    this.changed();
  }

  private changed(): void {
    for (const listener of this.listeners) listener();
  }
}

export interface UploadSummary {
  total: number;
  open: number;
  received: number;
  duplicate: number;
  rejected: number;
  failed: number;
  /** Share of all bytes that have been sent, 0..1. */
  share: number;
}

export function summarise(items: readonly UploadItem[]): UploadSummary {
  const count = (...states: UploadStatus[]) => items.filter((item) => states.includes(item.status)).length;
  const bytes = items.reduce((sum, item) => sum + item.file.size, 0);
  const sent = items.reduce((sum, item) => sum + item.file.size * doneShare(item), 0);
  return {
    total: items.length,
    open: count("waiting", "sending"),
    received: count("received"),
    duplicate: count("duplicate"),
    rejected: count("rejected"),
    failed: count("failed", "stopped"),
    share: bytes > 0 ? sent / bytes : 0,
  };
}

function doneShare(item: UploadItem): number {
  if (item.status === "waiting") return 0;
  return item.status === "sending" ? item.share : 1;
}
