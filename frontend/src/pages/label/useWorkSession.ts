import { useEffect, useState, useSyncExternalStore } from "react";

import { sendOperations } from "../../api/boxSets";
import { useSessionQuery } from "../../api/session";
import type { BoxSet } from "../../api/types";
import type { PendingOperation } from "../../core/operations";
import { WorkSession, type Surroundings, type WorkState } from "../../core/workSession";
import { browserOperationStore } from "./operationStore";
import { proposalsOf } from "./proposalsOf";

const browser: Surroundings = {
  send: sendOperations,
  store: browserOperationStore,
  now: () => Date.now(),
  newId,
  after(milliseconds, action) {
    const timer = window.setTimeout(action, milliseconds);
    return () => window.clearTimeout(timer);
  },
  random: Math.random,
};

/** `crypto.randomUUID` exists only on secure pages; a workplace on a hospital's plain HTTP needs one too. */
function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** One session of work per opened box set; it sends again when the network or the person comes back. */
export function useWorkSession(boxSet: BoxSet, kept: readonly PendingOperation[]): [WorkSession, WorkState] {
  const [session] = useState(() => newSession(boxSet, kept));
  const state = useSyncExternalStore(session.subscribe, session.snapshot);
  const signedInAt = useSessionQuery().dataUpdatedAt;

  useEffect(() => {
    session.reopen();
    return () => session.close();
  }, [session]);
  useEffect(() => {
    if (session.snapshot().saving === "signed_out") session.retryNow();
  }, [session, signedInAt]);
  useEffect(() => {
    const online = () => session.retryNow();
    window.addEventListener("online", online);
    return () => window.removeEventListener("online", online);
  }, [session]);
  useWarnBeforeLeaving(state.queue.pending.length > 0);
  return [session, state];
}

/** What is only looked at is shown as the server has it: what this device still kept for it would be refused for ever. */
function newSession(boxSet: BoxSet, kept: readonly PendingOperation[]): WorkSession {
  const waiting = boxSet.can.includes("edit") ? kept : [];
  return new WorkSession(boxSet.id, boxSet.regions, proposalsOf(boxSet.proposals), waiting, browser);
}

/** What waits is kept on this device, but who closes the tab should know that it has not arrived. */
function useWarnBeforeLeaving(waiting: boolean): void {
  useEffect(() => {
    if (!waiting) return undefined;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [waiting]);
}
