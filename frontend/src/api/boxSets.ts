/** Box sets: the labeller's, the reviewer's, and their operations. */
import { queryOptions, useQuery, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useEffect } from "react";

import type { Effort } from "../core/effort";
import type { Operation } from "../core/operations";
import type { Acknowledgement } from "../core/queue";
import { SendError } from "../core/workSession";
import { ApiError, call } from "./client";
import type { BoxSet, HandedIn, HandedOutBoxSet, UpcomingFilm } from "./types";

/** What the server has of a box set now. */
export const boxSetNow = (id: string, signal?: AbortSignal) => call<BoxSet>(`/box-sets/${id}`, signal && { signal });

export const boxSetQuery = (id: string) =>
  queryOptions({
    queryKey: ["box-set", id],
    queryFn: ({ signal }) => boxSetNow(id, signal),
    // What is on screen is the person's own work: it is never exchanged under the hand, only fetched afresh on opening.
    staleTime: Infinity,
    gcTime: PREPARED_MS,
    refetchOnWindowFocus: false,
  });

/** So long a box set that was fetched for the next page waits for that page. */
const PREPARED_MS = 10_000;

/** The box set of a page; leaving the page forgets it, so that coming back asks anew. */
export function useBoxSet(id: string) {
  const client = useQueryClient();
  useEffect(() => () => forgetBoxSet(client, id), [client, id]);
  return useQuery(boxSetQuery(id));
}

/** A version to look at on a study's page, never to draw in; not asked while null. */
export const useBoxSetToLookAt = (id: string | null) =>
  useQuery({
    queryKey: ["box-set", id, "look"],
    queryFn: ({ signal }) => boxSetNow(id as string, signal), // not asked while null
    enabled: id !== null,
  });

export const forgetBoxSet = (client: QueryClient, id: string) => client.removeQueries({ queryKey: ["box-set", id] });

/** Sends gestures; says in the queue's own words why it could not. */
export async function sendOperations(boxSet: string, operations: readonly Operation[]): Promise<Acknowledgement> {
  try {
    return await call<Acknowledgement>(`/box-sets/${boxSet}/operations`, { method: "POST", body: { operations } });
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const mayPass = error.status === 0 || error.status >= 500 || error.status === 429;
    throw new SendError(error.status === 401 ? "signed_out" : mayPass ? "offline" : "refused", error.message, { cause: error });
  }
}

/** My open draft of a radiograph, or a new one. */
export const openDraft = (radiograph: string) =>
  call<BoxSet>(`/radiographs/${radiograph}/box-sets`, { method: "POST", body: {} });

/** The next film to label, leaving out those put aside in this sitting; null when nothing is left. */
export const labelNext = (client: QueryClient, skip: readonly string[] = []) => handedOut(client, "/label/next", { skip });

export const reviewNext = (client: QueryClient) => handedOut(client, "/review/next", {});

/** Keeps what came with it for the page that is about to show it: nothing blinks in between. */
async function handedOut(client: QueryClient, queue: string, body: object): Promise<HandedOutBoxSet | null> {
  const next = await call<HandedOutBoxSet | null>(queue, { method: "POST", body });
  if (next) {
    forgetBoxSet(client, next.box_set);
    await client.prefetchQuery({ ...boxSetQuery(next.box_set), queryFn: () => next.contents });
  }
  return next;
}

/** The picture that comes once this box set is finished, most likely: nothing is handed out or held. Null: none is left. */
export const labelUpcoming = (skip: string, signal: AbortSignal) =>
  call<UpcomingFilm | null>("/label/upcoming", { query: { skip }, signal });

/** Hands in what the person has before them: `seen`, the revision of each region. */
export const submitBoxSet = (id: string, effort: Effort, seen: Readonly<Record<string, number>>) =>
  call<HandedIn>(`/box-sets/${id}/submit`, {
    method: "POST",
    body: { seen, effort: { actions: effort.actions, seconds: Math.round(effort.seconds * 10) / 10 } },
  });

export const acceptBoxSet = (id: string) => call<BoxSet>(`/box-sets/${id}/accept`, { method: "POST", body: {} });

/** A draft of the reviewer's own, copied from the box set under review. */
export const fixBoxSet = (id: string) => call<BoxSet>(`/box-sets/${id}/fix`, { method: "POST", body: {} });

export interface PinnedComment {
  readonly region: string | null;
  readonly text: string;
}

export const returnBoxSet = (id: string, reason: string, comments: readonly PinnedComment[]) =>
  call<BoxSet>(`/box-sets/${id}/return`, { method: "POST", body: { reason, comments } });
