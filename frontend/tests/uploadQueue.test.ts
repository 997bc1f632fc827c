import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { ApiError } from "../src/api/client";
import type { KnownFilm, Upload } from "../src/api/types";
import { summarise, type UploadItem } from "../src/panels/upload/items";
import { UploadQueue } from "../src/panels/upload/queue";
import type { FilmSource } from "../src/panels/upload/sources";
import type { UploadServer } from "../src/panels/upload/uploadServer";

const source = (name: string, bytes = 100, packed = false): FilmSource => ({
  name,
  folder: "",
  bytes,
  packed,
  open: () => Promise.resolve(new Blob([name])),
});
const answer = (name: string, change: Partial<Upload> = {}): Upload => ({
  id: `arrival-${name}`,
  file: "",
  outcome: "received",
  reason: null,
  study: `study-${name}`,
  ...change,
});
const offline = () => new ApiError("offline", "", 0);

interface Held {
  resolve(upload: Upload): void;
  reject(error: unknown): void;
  progress(share: number): void;
}

/** A server whose films end when the test says so. */
class HeldServer implements UploadServer {
  readonly open = new Map<string, Held>();
  readonly sent: string[] = [];
  readonly signedOut = vi.fn();
  readonly outcomes = vi.fn<UploadServer["outcomes"]>(() => Promise.resolve([]));
  readonly reachable = vi.fn(() => Promise.resolve(true));
  known: UploadServer["known"] = null;

  readonly digest = (film: Blob) => film.text();

  readonly send: UploadServer["send"] = async (film, { onProgress, signal }) => {
    const name = await film.text();
    this.sent.push(name);
    return new Promise((resolve, reject) => {
      this.open.set(name, { resolve, reject, progress: onProgress });
      signal.addEventListener("abort", () => reject(new ApiError("aborted", "", 0)));
    });
  };

  end(name: string, change: Partial<Upload> = {}): void {
    this.open.get(name)?.resolve(answer(name, change));
    this.open.delete(name);
  }

  fail(name: string, error: ApiError): void {
    this.open.get(name)?.reject(error);
    this.open.delete(name);
  }
}

const statuses = (queue: UploadQueue) => queue.snapshot().items.map((item) => item.status);
/** Lets everything that is due within so many milliseconds happen. */
const pass = (milliseconds = 0) => vi.advanceTimersByTimeAsync(milliseconds);

let server: HeldServer;
beforeEach(() => {
  vi.useFakeTimers();
  server = new HeldServer();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("sending", () => {
  it("goes three at a time, and on with the next when one has ended", async () => {
    const queue = new UploadQueue(server);
    queue.add(["a", "b", "c", "d"].map((name) => source(name)));
    await pass();
    expect(server.sent).toEqual(["a", "b", "c"]);
    server.end("b");
    await pass();
    expect(server.sent).toEqual(["a", "b", "c", "d"]);
    expect(statuses(queue)).toEqual(["sending", "received", "sending", "sending"]);
  });

  it("keeps the reason of a refused film and goes on with the others", async () => {
    const takenIn = vi.fn();
    const queue = new UploadQueue(server, takenIn);
    queue.add([source("note.txt"), source("hand.dcm")]);
    await pass();
    server.end("note.txt", { outcome: "rejected", study: null, reason: { code: "not_dicom", message: "Not DICOM.", message_zh: "不是 DICOM。" } });
    server.end("hand.dcm");
    await pass();
    expect(statuses(queue)).toEqual(["rejected", "received"]);
    expect(queue.snapshot().items[0]?.reason?.code).toBe("not_dicom");
    expect(takenIn).toHaveBeenCalledTimes(1);
  });

  it("stops what waits and what is on its way, and sends it again when asked", async () => {
    const queue = new UploadQueue(server, undefined, 1);
    queue.add([source("a"), source("b")]);
    await pass();
    queue.stop();
    await pass();
    expect(statuses(queue)).toEqual(["stopped", "stopped"]);
    queue.retryFailed();
    await pass();
    expect(statuses(queue)).toEqual(["sending", "queued"]);
    server.end("a");
    await pass();
    expect(statuses(queue)).toEqual(["received", "sending"]);
  });

  it("has one entry of a zip in hand, whatever else goes on", async () => {
    const queue = new UploadQueue(server);
    queue.add([source("z1", 1, true), source("z2", 1, true), source("plain")]);
    await pass();
    expect(server.sent).toEqual(expect.arrayContaining(["z1", "plain"]));
    expect(server.sent).not.toContain("z2");
    server.end("z1");
    await pass();
    expect(server.sent).toContain("z2");
  });

  it("gives an entry that cannot be unpacked its own refusal", async () => {
    const queue = new UploadQueue(server);
    const locked = { ...source("locked", 1, true), open: () => Promise.reject(new ApiError("zip_encrypted", "", 0)) };
    queue.add([locked, source("good")]);
    await pass();
    server.end("good");
    await pass();
    expect(statuses(queue)).toEqual(["rejected", "received"]);
    expect(queue.snapshot().items[0]?.error?.code).toBe("zip_encrypted");
  });

  it("tells listeners of many changes at once", async () => {
    const queue = new UploadQueue(server);
    const heard = vi.fn();
    queue.subscribe(heard);
    queue.add(Array.from({ length: 500 }, (_, i) => source(`film ${i}`)));
    await pass(99);
    for (let i = 0; i < 3; i++) for (let share = 0; share < 100; share++) server.open.get(`film ${i}`)?.progress(share / 100);
    await pass(200);
    expect(heard.mock.calls.length).toBeLessThan(4);
  });

  it("counts progress by bytes, not by files", async () => {
    const queue = new UploadQueue(server);
    queue.add([source("small", 100), source("large", 300)]);
    await pass();
    server.open.get("large")?.progress(0.5);
    expect(queue.snapshot().summary).toMatchObject({ total: 2, open: 2, share: 150 / 400 });
  });
});

describe("interruptions", () => {
  it("pause when the network is lost, and end by themselves", async () => {
    const queue = new UploadQueue(server, undefined, 1);
    queue.add([source("a"), source("b")]);
    await pass();
    server.reachable.mockImplementation(() => Promise.reject(offline()));
    server.fail("a", offline());
    await pass();
    expect(queue.snapshot().pause).toBe("offline");
    expect(statuses(queue)).toEqual(["queued", "queued"]);
    await pass(60_000);
    expect(server.sent).toEqual(["a"]);
    server.reachable.mockImplementation(() => Promise.resolve(true));
    await pass(15_000);
    expect(queue.snapshot().pause).toBeNull();
    expect(server.sent).toEqual(["a", "a"]);
    server.end("a");
    await pass();
    server.end("b");
    await pass();
    expect(statuses(queue)).toEqual(["received", "received"]);
  });

  it("end at once when the browser is online again", async () => {
    const queue = new UploadQueue(server, undefined, 1);
    queue.add([source("a")]);
    await pass();
    server.fail("a", offline());
    await pass();
    queue.retryNow();
    await pass();
    expect(server.sent).toEqual(["a", "a"]);
  });

  it("of the session ask for the password and wait for it", async () => {
    const queue = new UploadQueue(server, undefined, 1);
    queue.add([source("a"), source("b")]);
    await pass();
    server.fail("a", new ApiError("not_signed_in", "", 401));
    await pass(120_000);
    expect(server.signedOut).toHaveBeenCalledTimes(1);
    expect(queue.snapshot().pause).toBe("signed_out");
    expect(server.sent).toEqual(["a"]);
    queue.signedIn();
    await pass();
    expect(server.sent).toEqual(["a", "a"]);
  });

  it("by a stumbling server are tried again, later each time, and in the end given up", async () => {
    const queue = new UploadQueue(server, undefined, 2);
    queue.add([source("a"), source("b")]);
    for (let attempt = 1; attempt <= 6; attempt++) {
      await pass(attempt === 1 ? 0 : 1_000 * 2 ** (attempt - 2));
      expect(server.sent.filter((name) => name === "a")).toHaveLength(attempt);
      server.end("b");
      server.fail("a", new ApiError("server_error", "", 500));
    }
    await pass(300_000);
    expect(statuses(queue)).toEqual(["failed", "received"]);
    queue.retryFailed();
    await pass();
    expect(statuses(queue)[0]).toBe("sending");
  });

  it("hold everything back while the server is busy", async () => {
    const queue = new UploadQueue(server, undefined, 1);
    queue.add([source("a")]);
    await pass();
    server.fail("a", new ApiError("throttled", "", 429));
    await pass();
    expect(queue.snapshot().pause).toBe("busy");
    await pass(1_000);
    expect(statuses(queue)).toEqual(["sending"]);
  });

  it("never turn a refusal for good into another try", async () => {
    const queue = new UploadQueue(server);
    queue.add([source("huge"), source("forbidden")]);
    await pass();
    server.fail("huge", new ApiError("too_large", "", 413));
    server.fail("forbidden", new ApiError("forbidden", "", 403));
    await pass(60_000);
    expect(statuses(queue)).toEqual(["rejected", "failed"]);
    expect(server.sent).toHaveLength(2);
  });
});

describe("what the server has already", () => {
  const knows = (...names: string[]) => {
    const asked = vi.fn((sums: readonly string[]) =>
      Promise.resolve(
        sums
          .filter((sum) => names.includes(sum))
          .map((sum): KnownFilm => ({ sha256: sum, outcome: sum.startsWith("blocked") ? "blocked" : "received", study: "s" })),
      ),
    );
    server.known = asked;
    return asked;
  };

  it("is not sent, and asked for in chunks", async () => {
    const asked = knows(...Array.from({ length: 300 }, (_, i) => `old ${i}`), "blocked");
    const queue = new UploadQueue(server);
    queue.add([...Array.from({ length: 300 }, (_, i) => source(`old ${i}`)), source("blocked"), source("new")]);
    await pass();
    expect(server.sent).toEqual(["new"]);
    expect(asked.mock.calls.length).toBeLessThan(10);
    const items = queue.snapshot().items;
    expect(items[0]).toMatchObject({ status: "duplicate", skipped: true, study: "s" });
    expect(items[300]).toMatchObject({ status: "blocked", skipped: true });
  });

  it("holds for entries of a zip too", async () => {
    knows("packed old");
    const queue = new UploadQueue(server);
    queue.add([source("packed old", 1, true), source("packed new", 1, true)]);
    await pass();
    expect(server.sent).toEqual(["packed new"]);
  });

  it("is asked for again after the network was lost", async () => {
    const asked = knows("old");
    asked.mockImplementationOnce(() => Promise.reject(offline()));
    const queue = new UploadQueue(server);
    queue.add([source("old")]);
    await pass();
    expect(queue.snapshot().pause).toBe("offline");
    await pass(2_000);
    expect(statuses(queue)).toEqual(["duplicate"]);
    expect(server.sent).toEqual([]);
  });

  it("is sent all the same where the server cannot compare", async () => {
    server.known = () => Promise.reject(new ApiError("server_error", "", 500));
    const queue = new UploadQueue(server);
    queue.add([source("a")]);
    await pass();
    expect(server.sent).toEqual(["a"]);
  });
});

describe("films at the gate", () => {
  it("are asked about until the gate has spoken", async () => {
    const queue = new UploadQueue(server);
    queue.add([source("a"), source("b")]);
    await pass();
    server.end("a", { outcome: "waiting", study: null });
    server.end("b", { outcome: "waiting", study: null });
    await pass();
    expect(statuses(queue)).toEqual(["waiting", "waiting"]);
    server.outcomes.mockResolvedValueOnce([answer("a", { outcome: "waiting", study: null }), answer("b", { outcome: "blocked", study: null })]);
    await pass(2_000);
    expect(statuses(queue)).toEqual(["waiting", "blocked"]);
    server.outcomes.mockResolvedValueOnce([answer("a")]);
    await pass(2_000);
    expect(server.outcomes).toHaveBeenLastCalledWith(["arrival-a"]);
    expect(statuses(queue)).toEqual(["received", "blocked"]);
    await pass(60_000);
    expect(server.outcomes).toHaveBeenCalledTimes(2);
  });

  it("are called lost when the server has not heard of them three times", async () => {
    const queue = new UploadQueue(server);
    queue.add([source("a")]);
    await pass();
    server.end("a", { outcome: "waiting", study: null });
    await pass(5_000);
    expect(statuses(queue)).toEqual(["waiting"]);
    await pass(2_000);
    expect(statuses(queue)).toEqual(["failed"]);
    expect(queue.snapshot().items[0]?.error?.code).toBe("arrival_lost");
  });
});

describe("summary", () => {
  it("counts by outcome", () => {
    const item = (status: UploadItem["status"]): UploadItem => ({
      id: 1, name: "", folder: "", bytes: 1, status, share: 0, arrival: null, study: null, reason: null, error: null, skipped: false,
    });
    const summary = summarise([item("received"), item("received"), item("blocked"), item("queued")]);
    expect(summary.counts).toMatchObject({ received: 2, blocked: 1, queued: 1, failed: 0 });
    expect(summary.open).toBe(1);
  });
});
