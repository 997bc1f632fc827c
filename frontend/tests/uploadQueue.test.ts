import { describe, expect, it, vi } from "vitest";

import { ApiError } from "../src/api/client";
import type { Upload } from "../src/api/types";
import { summarise, UploadQueue, type SendFilm } from "../src/panels/upload/queue";

const film = (name: string, size = 100) => new File([new Uint8Array(size)], name);
const received = (file: string): Upload => ({ file, outcome: "received", reason: null, study: `study-${file}` });

/** A sender whose films end when the test says so. */
function heldSender() {
  const open = new Map<string, { resolve: (upload: Upload) => void; reject: (error: unknown) => void; progress: (share: number) => void }>();
  const send: SendFilm = (file, { onProgress, signal }) =>
    new Promise((resolve, reject) => {
      open.set(file.name, { resolve, reject, progress: onProgress });
      signal.addEventListener("abort", () => reject(new ApiError("aborted", "", 0)));
    });
  return { open, send };
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 0));

describe("UploadQueue", () => {
  it("sends three at a time, and the next when one has ended", async () => {
    const { open, send } = heldSender();
    const queue = new UploadQueue(send);
    queue.add(["a", "b", "c", "d"].map((name) => film(name)));
    expect([...open.keys()]).toEqual(["a", "b", "c"]);
    open.get("b")?.resolve(received("b"));
    await settle();
    expect([...open.keys()]).toEqual(["a", "b", "c", "d"]);
    expect(queue.snapshot().map((item) => item.status)).toEqual(["sending", "received", "sending", "sending"]);
  });

  it("keeps the reason of a refused film and goes on with the others", async () => {
    const { open, send } = heldSender();
    const settled = vi.fn();
    const queue = new UploadQueue(send, settled);
    queue.add([film("note.txt"), film("hand.dcm")]);
    open.get("note.txt")?.resolve({
      file: "note.txt",
      outcome: "rejected",
      reason: { code: "not_dicom", message: "Not DICOM.", message_zh: "不是 DICOM。" },
      study: null,
    });
    open.get("hand.dcm")?.resolve(received("hand.dcm"));
    await settle();
    expect(queue.snapshot().map((item) => item.status)).toEqual(["rejected", "received"]);
    expect(queue.snapshot()[0]?.upload?.reason?.code).toBe("not_dicom");
    expect(settled).toHaveBeenCalledTimes(2);
  });

  it("sends again only what was lost on the way", async () => {
    const { open, send } = heldSender();
    const queue = new UploadQueue(send);
    queue.add([film("lost"), film("refused")]);
    open.get("lost")?.reject(new ApiError("offline", "", 0));
    open.get("refused")?.resolve({ file: "refused", outcome: "rejected", reason: null, study: null });
    await settle();
    expect(queue.snapshot().map((item) => item.status)).toEqual(["failed", "rejected"]);
    queue.retryFailed();
    expect(queue.snapshot().map((item) => item.status)).toEqual(["sending", "rejected"]);
    open.get("lost")?.resolve(received("lost"));
    await settle();
    expect(queue.snapshot()[0]?.status).toBe("received");
  });

  it("stops what waits and what is on its way", async () => {
    const { send } = heldSender();
    const queue = new UploadQueue(send, undefined, 1);
    queue.add([film("a"), film("b")]);
    queue.stop();
    await settle();
    expect(queue.snapshot().map((item) => item.status)).toEqual(["stopped", "stopped"]);
  });

  it("counts progress by bytes, not by files", () => {
    const { open, send } = heldSender();
    const queue = new UploadQueue(send);
    queue.add([film("small", 100), film("large", 300)]);
    open.get("large")?.progress(0.5);
    expect(summarise(queue.snapshot())).toMatchObject({ total: 2, open: 2, share: 150 / 400 });
  });
});
