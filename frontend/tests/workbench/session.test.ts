import { describe, expect, it } from "vitest";

import type { Operation, PendingOperation } from "../../src/core/operations";
import type { Acknowledgement } from "../../src/core/queue";
import { retryWaitMs } from "../../src/core/queue";
import { NO_ATTRIBUTES, missingRegions, type Proposals, type ServerRegion } from "../../src/core/regionState";
import { REGION_IDS, type RegionId } from "../../src/core/regions";
import { SendError, WorkSession, type Surroundings } from "../../src/core/workSession";

const EMPTY: ServerRegion[] = REGION_IDS.map((region) => ({
  region,
  state: "missing",
  x0: null,
  y0: null,
  x1: null,
  y1: null,
  absent_reason: null,
  attributes: NO_ATTRIBUTES,
  origin: null,
  revision: 0,
}));
const BOX = { x0: 10, y0: 20, x1: 60, y1: 90 };
const PROPOSALS: Proposals = {
  radius: { box: BOX, score: 0.9, origin: "proposal" },
  ulna: { box: { x0: 5, y0: 6, x1: 30, y1: 40 }, score: 0.8, origin: "proposal" },
};

/** A server that keeps revisions as the real one does: once per id, and only on the newest revision. */
class Server {
  readonly regions = new Map<string, ServerRegion>(EMPTY.map((region) => [region.region, region]));
  readonly applied = new Map<string, number>();
  readonly batches: (readonly Operation[])[] = [];
  failing: SendError | null = null;
  losesAnswer = false;
  batchesLeft = Infinity;

  send(operations: readonly Operation[]): Promise<Acknowledgement> {
    if (this.batchesLeft-- <= 0) return Promise.reject(new SendError("offline", "gone"));
    if (this.failing) return Promise.reject(this.failing);
    this.batches.push(operations);
    const answer = { acknowledged: [], conflicts: [], saved_at: "2026-01-01T00:00:00Z" } as {
      acknowledged: { id: string; region: string; revision: number }[];
      conflicts: { id: string; region: string; current: ServerRegion }[];
      saved_at: string;
    };
    for (const operation of operations) {
      const known = this.applied.get(operation.id);
      const region = this.regions.get(operation.region) as ServerRegion;
      if (known !== undefined) answer.acknowledged.push({ id: operation.id, region: operation.region, revision: known });
      else if (region.revision !== operation.base_revision) {
        answer.conflicts.push({ id: operation.id, region: operation.region, current: region });
      } else {
        this.write(operation);
        const revision = region.revision + 1;
        this.applied.set(operation.id, revision);
        answer.acknowledged.push({ id: operation.id, region: operation.region, revision });
      }
    }
    if (this.losesAnswer) {
      this.losesAnswer = false;
      return Promise.reject(new SendError("offline", "lost"));
    }
    return Promise.resolve(answer);
  }

  write(operation: Pick<Operation, "region" | "kind" | "box" | "attributes" | "origin" | "absent_reason">): void {
    const before = this.regions.get(operation.region) as ServerRegion;
    this.regions.set(operation.region, {
      region: operation.region,
      state: operation.kind === "set" ? "boxed" : operation.kind === "absent" ? "absent" : "missing",
      x0: operation.box?.x0 ?? null,
      y0: operation.box?.y0 ?? null,
      x1: operation.box?.x1 ?? null,
      y1: operation.box?.y1 ?? null,
      absent_reason: operation.absent_reason,
      attributes: operation.attributes ?? NO_ATTRIBUTES,
      origin: operation.origin,
      revision: before.revision + 1,
    });
  }
}

/** A device's store as the browser's is: one row an operation, shared by all its tabs. */
class Device {
  private readonly rows = new Map<string, PendingOperation>();

  readonly store: Surroundings["store"] = {
    load: () => Promise.resolve(this.kept()),
    change: (_boxSet, kept, gone) => {
      gone.forEach((id) => this.rows.delete(id));
      kept.forEach((operation) => this.rows.set(operation.id, operation));
      return Promise.resolve();
    },
  };

  kept(): PendingOperation[] {
    return [...this.rows.values()].sort((one, other) => one.seq - other.seq);
  }
}

let benches = 0;

class Bench {
  readonly server = new Server();
  time = 1_000_000;
  private ids = 0;
  private timers: { at: number; action: () => void; gone: boolean }[] = [];
  readonly session: WorkSession;

  private readonly name = `bench${++benches}`;

  constructor(
    kept: readonly PendingOperation[] = [],
    regions: readonly ServerRegion[] = EMPTY,
    server?: Server,
    readonly device = new Device(),
  ) {
    if (server) this.server = server;
    const around: Surroundings = {
      send: (_boxSet, operations) => this.server.send(operations),
      store: device.store,
      now: () => this.time,
      newId: () => `${this.name}-${++this.ids}`,
      after: (milliseconds, action) => {
        const timer = { at: this.time + milliseconds, action, gone: false };
        this.timers.push(timer);
        return () => {
          timer.gone = true;
        };
      },
      random: () => 0.5,
    };
    this.session = new WorkSession("set", regions, PROPOSALS, kept, around);
  }

  async pass(milliseconds: number): Promise<void> {
    const end = this.time + milliseconds;
    for (;;) {
      for (let i = 0; i < 12; i++) await Promise.resolve();
      const due = this.timers.filter((timer) => !timer.gone && timer.at <= end).sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      due.gone = true;
      this.time = Math.max(this.time, due.at);
      due.action();
    }
    this.time = end;
  }

  content(region: RegionId) {
    return this.session.snapshot().contents[region];
  }
}

describe("a session of work", () => {
  it("shows a gesture at once and has it on the server within a second", async () => {
    const bench = new Bench();
    expect(bench.session.edit({ kind: "draw", region: "mc3", box: BOX })).toBe(true);
    expect(bench.content("mc3")).toMatchObject({ state: "boxed", box: BOX, origin: "drawn" });
    expect(bench.session.snapshot().saving).toBe("saving");
    await bench.pass(1000);
    expect(bench.server.regions.get("mc3")).toMatchObject({ state: "boxed", ...BOX, revision: 1 });
    expect(bench.session.snapshot().saving).toBe("saved");
    expect(bench.device.kept()).toEqual([]);
  });

  it("sends several gestures on one region in order, each on the revision of the one before", async () => {
    const bench = new Bench();
    for (const dx of [0, 5, 9]) bench.session.edit({ kind: "draw", region: "mc3", box: { ...BOX, x0: BOX.x0 + dx } });
    await bench.pass(3000);
    expect(bench.server.regions.get("mc3")).toMatchObject({ x0: 19, revision: 3 });
    expect(bench.server.batches.flat().map((operation) => operation.base_revision)).toEqual([0, 1, 2]);
  });

  it("keeps everything while offline and sends it exactly once afterwards", async () => {
    const bench = new Bench();
    bench.server.failing = new SendError("offline", "no network");
    bench.session.edit({ kind: "draw", region: "mc3", box: BOX });
    bench.session.edit({ kind: "absent", region: "ulna", reason: "cut_off" });
    await bench.pass(5000);
    expect(bench.session.snapshot().saving).toBe("offline");
    expect(bench.device.kept()).toHaveLength(2);
    bench.server.failing = null;
    await bench.pass(60_000);
    expect(bench.session.snapshot().saving).toBe("saved");
    expect(bench.server.applied.size).toBe(2);
    expect(bench.server.regions.get("ulna")).toMatchObject({ state: "absent", absent_reason: "cut_off" });
  });

  it("says whether this device keeps what waits", async () => {
    const bench = new Bench();
    bench.device.store.change = () => Promise.reject(new Error("full"));
    bench.server.failing = new SendError("offline", "");
    bench.session.edit({ kind: "draw", region: "mc3", box: BOX });
    await bench.pass(0);
    expect(bench.session.snapshot().isKept).toBe(false);
    bench.device.store.change = () => Promise.resolve();
    bench.session.edit({ kind: "draw", region: "mc4", box: BOX });
    await bench.pass(0);
    expect(bench.session.snapshot().isKept).toBe(true);
  });

  it("applies nothing twice when the answer was lost", async () => {
    const bench = new Bench();
    bench.server.losesAnswer = true;
    bench.session.edit({ kind: "draw", region: "mc3", box: BOX });
    await bench.pass(60_000);
    expect(bench.server.regions.get("mc3")?.revision).toBe(1);
    expect(bench.session.snapshot().queue.pending).toEqual([]);
  });

  it("waits for the person when signed out, and goes on where it stopped", async () => {
    const bench = new Bench();
    bench.server.failing = new SendError("signed_out", "who are you");
    bench.session.edit({ kind: "draw", region: "mc3", box: BOX });
    await bench.pass(120_000);
    expect(bench.session.snapshot().saving).toBe("signed_out");
    bench.server.failing = null;
    await bench.pass(120_000);
    expect(bench.server.applied.size).toBe(0);
    bench.session.retryNow();
    await bench.pass(1000);
    expect(bench.server.applied.size).toBe(1);
  });

  it("brings back what a closed tab left behind", async () => {
    const first = new Bench();
    first.server.failing = new SendError("offline", "");
    first.session.edit({ kind: "draw", region: "mc3", box: BOX });
    await first.pass(2000);
    first.session.close();
    first.server.failing = null;
    const second = new Bench(first.device.kept(), EMPTY, first.server);
    expect(second.content("mc3")).toMatchObject({ state: "boxed", box: BOX });
    await second.pass(2000);
    expect(second.server.regions.get("mc3")).toMatchObject({ state: "boxed", revision: 1 });
  });

  it("leaves alone what another tab keeps", async () => {
    const waiting = new Bench();
    waiting.server.failing = new SendError("offline", "");
    waiting.session.edit({ kind: "draw", region: "mc3", box: BOX });
    const other = new Bench([], EMPTY, new Server(), waiting.device);
    other.session.edit({ kind: "draw", region: "mc4", box: BOX });
    await other.pass(2000);
    expect(other.session.snapshot().saving).toBe("saved");
    expect(waiting.device.kept().map((operation) => operation.region)).toEqual(["mc3"]);
  });

  it("never writes unseen over what somebody else made of a region between two gestures of ours", async () => {
    const bench = new Bench();
    bench.session.edit({ kind: "draw", region: "mc3", box: BOX });
    bench.session.edit({ kind: "draw", region: "mc3", box: { ...BOX, x0: 12 } });
    bench.server.batchesLeft = 1; // the first arrives; the tab dies before the second leaves
    await bench.pass(400);
    bench.server.batchesLeft = Infinity;
    bench.session.close();
    const [second] = bench.device.kept();
    expect(second?.base_revision).toBe(1);
    bench.server.write({ region: "mc3", kind: "clear", box: null, attributes: null, origin: null, absent_reason: null });
    const later = new Bench(bench.device.kept(), [...bench.server.regions.values()], bench.server, bench.device);
    await later.pass(2000);
    expect(later.session.snapshot().queue.conflicts.map((conflict) => conflict.region)).toEqual(["mc3"]);
  });

  it("sends what waits when the film is put away, and does not try again", async () => {
    const bench = new Bench();
    for (const dx of [0, 5]) bench.session.edit({ kind: "draw", region: "mc3", box: { ...BOX, x0: BOX.x0 + dx } });
    bench.session.close();
    await bench.pass(0);
    expect(bench.server.regions.get("mc3")).toMatchObject({ x0: 15, revision: 2 });
    expect(bench.device.kept()).toEqual([]);
    const offline = new Bench();
    offline.server.failing = new SendError("offline", "");
    offline.session.edit({ kind: "draw", region: "mc3", box: BOX });
    offline.session.close();
    await offline.pass(0);
    offline.server.failing = null;
    await offline.pass(120_000);
    expect(offline.server.applied.size).toBe(0);
    expect(offline.device.kept()).toHaveLength(1);
  });

  it("shows what another tab made of a region after a gesture that had arrived before this one died", async () => {
    const died = new Bench();
    died.server.losesAnswer = true;
    died.session.edit({ kind: "draw", region: "mc3", box: BOX });
    await died.pass(400);
    died.session.close();
    const other = new Bench([], [...died.server.regions.values()], died.server);
    other.session.edit({ kind: "draw", region: "mc3", box: { ...BOX, x0: 33 } });
    await other.pass(2000);
    const again = new Bench(died.device.kept(), [...died.server.regions.values()], died.server, died.device);
    await again.pass(2000);
    expect(again.session.snapshot().saving).toBe("saved");
    expect(again.content("mc3")).toMatchObject({ box: { x0: 33 } });
  });

  it("finishing tries at once what had to wait", async () => {
    const bench = new Bench();
    bench.server.failing = new SendError("offline", "");
    bench.session.edit({ kind: "draw", region: "mc3", box: BOX });
    await bench.pass(5000);
    bench.server.failing = null;
    const settled = bench.session.settled();
    await bench.pass(0);
    await expect(settled).resolves.toBeUndefined();
    expect(bench.server.applied.size).toBe(1);
  });

  it("asks when somebody else was there before: keep mine", async () => {
    const bench = new Bench();
    const theirs = { region: "mc3", kind: "set", box: { x0: 1, y0: 1, x1: 9, y1: 9 }, attributes: NO_ATTRIBUTES, origin: "drawn", absent_reason: null } as const;
    bench.server.write(theirs);
    bench.session.edit({ kind: "draw", region: "mc3", box: BOX });
    bench.session.edit({ kind: "draw", region: "mc4", box: BOX });
    await bench.pass(2000);
    expect(bench.session.snapshot().queue.conflicts.map((conflict) => conflict.region)).toEqual(["mc3"]);
    expect(bench.server.regions.get("mc4")?.revision).toBe(1);
    bench.session.keepMine("mc3");
    await bench.pass(2000);
    expect(bench.server.regions.get("mc3")).toMatchObject({ ...BOX, revision: 2 });
    expect(bench.session.snapshot().saving).toBe("saved");
  });

  it("asks when somebody else was there before: take theirs", async () => {
    const bench = new Bench();
    const box = { x0: 1, y0: 1, x1: 9, y1: 9 };
    bench.server.write({ region: "mc3", kind: "set", box, attributes: NO_ATTRIBUTES, origin: "drawn", absent_reason: null });
    bench.session.edit({ kind: "draw", region: "mc3", box: BOX });
    await bench.pass(2000);
    bench.session.takeTheirs("mc3");
    await bench.pass(2000);
    expect(bench.content("mc3")).toMatchObject({ box });
    expect(bench.server.regions.get("mc3")?.revision).toBe(1);
    expect(bench.session.undo()).toBeNull();
  });

  it("takes over what another window has made, but for regions on which something waits", async () => {
    const bench = new Bench();
    bench.session.edit({ kind: "draw", region: "ulna", box: BOX });
    bench.session.edit({ kind: "draw", region: "mc3", box: BOX });
    await bench.pass(1000);
    const theirs = { kind: "set", box: { x0: 1, y0: 2, x1: 30, y1: 40 }, attributes: NO_ATTRIBUTES, origin: "drawn", absent_reason: null } as const;
    for (const region of ["ulna", "mc3", "dp1"] as const) bench.server.write({ ...theirs, region });
    bench.session.edit({ kind: "draw", region: "mc3", box: { ...BOX, x1: 70 } });
    expect(bench.session.catchUp([...bench.server.regions.values()])).toEqual(["ulna", "dp1"]);
    const { contents, queue } = bench.session.snapshot();
    expect(contents.ulna).toMatchObject({ state: "boxed", box: theirs.box });
    expect(contents.mc3).toMatchObject({ box: { x1: 70 } });
    expect([queue.revisions.ulna, queue.revisions.dp1, queue.revisions.mc3]).toEqual([2, 1, 1]);
    expect(bench.session.catchUp([...bench.server.regions.values()])).toEqual([]);
    expect(bench.session.undo()?.map(({ region }) => region)).toEqual(["mc3"]);
    expect(bench.session.undo()?.map(({ region }) => region)).toEqual(["mc3"]);
    expect(bench.session.undo()).toBeNull();
  });

  it("undoes and does again by further operations", async () => {
    const bench = new Bench();
    bench.session.edit({ kind: "acceptAll" });
    expect(missingRegions(bench.session.snapshot().contents)).toHaveLength(15);
    bench.session.undo();
    expect(missingRegions(bench.session.snapshot().contents)).toHaveLength(17);
    bench.session.redo();
    await bench.pass(3000);
    expect(bench.server.regions.get("radius")).toMatchObject({ state: "boxed", origin: "proposal", revision: 3 });
  });

  it("takes a held arrow key as one gesture for undo", () => {
    const bench = new Bench();
    bench.session.edit({ kind: "draw", region: "mc3", box: BOX });
    for (let i = 0; i < 5; i++) {
      bench.time += 50;
      bench.session.edit({ kind: "nudge", region: "mc3", dx: 1, dy: 0 });
    }
    expect(bench.content("mc3")).toMatchObject({ box: { x0: 15 } });
    bench.session.undo();
    expect(bench.content("mc3")).toMatchObject({ box: BOX });
  });

  it("never writes a proposal over a person's word", () => {
    const bench = new Bench();
    bench.session.edit({ kind: "draw", region: "radius", box: { ...BOX, x1: 200 } });
    bench.session.edit({ kind: "absent", region: "ulna", reason: "overlapped" });
    expect(bench.session.edit({ kind: "acceptAll" })).toBe(false);
    expect(bench.content("radius")).toMatchObject({ origin: "drawn" });
    expect(bench.content("ulna")).toEqual({ state: "absent", reason: "overlapped" });
  });

  it("has nothing waiting once it says settled", async () => {
    const bench = new Bench();
    bench.session.edit({ kind: "draw", region: "mc3", box: BOX });
    const settled = bench.session.settled();
    await bench.pass(100);
    await settled;
    expect(bench.server.applied.size).toBe(1);
  });

  it("says why it cannot settle while offline", async () => {
    const bench = new Bench();
    const cause = new Error("no network");
    bench.server.failing = new SendError("offline", "", { cause });
    bench.session.edit({ kind: "draw", region: "mc3", box: BOX });
    const settled = bench.session.settled().catch((error: unknown) => error);
    await bench.pass(10);
    expect(await settled).toMatchObject({ failure: "offline", cause });
  });
});

describe("retries", () => {
  it("wait longer and longer, up to half a minute", () => {
    const waits = [1, 2, 3, 4, 5, 6, 7, 30].map((failures) => retryWaitMs(failures, 0.5));
    expect(waits).toEqual([1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000]);
  });
});
