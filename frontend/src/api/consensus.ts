/** Consensus: what independent reads come to, settled and approved. */
import { queryOptions, useInfiniteQuery, useQuery } from "@tanstack/react-query";

import { call } from "./client";
import type { Consensus, ConsensusRow, Page } from "./types";

export type ConsensusStatus = ConsensusRow["status"];

/** Largest difference first; page by page. */
export function useConsensusList(status: ConsensusStatus | "") {
  return useInfiniteQuery({
    queryKey: ["consensus", "list", status],
    queryFn: ({ pageParam, signal }) =>
      call<Page<ConsensusRow>>("/consensus", { query: { status, cursor: pageParam, limit: 50 }, signal }),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
  });
}

export const consensusQuery = (id: string) =>
  queryOptions({
    queryKey: ["consensus", "one", id],
    queryFn: ({ signal }) => call<Consensus>(`/consensus/${id}`, { signal }),
  });

export const useConsensus = (id: string) => useQuery(consensusQuery(id));

const post = (id: string, verb: string, body: unknown) => call<Consensus>(`/consensus/${id}/${verb}`, { method: "POST", body });

export const settleConsensus = (id: string, months: number, reason: string) =>
  post(id, "settle", { bone_age_months: months, reason });

export const approveConsensus = (id: string) => post(id, "approve", {});

export const confirmUnreadable = (id: string) => post(id, "confirm-unreadable", {});

export const reopenConsensus = (id: string, reason: string) => post(id, "reopen", { reason });

export interface ApprovalOutcome {
  readonly approved: readonly string[];
  readonly refused: readonly { readonly id: string; readonly code: string; readonly message: string }[];
}

export const approveMany = (ids: readonly string[]) =>
  call<ApprovalOutcome>("/consensus/approve", { method: "POST", body: { ids } });
