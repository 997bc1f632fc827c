/** Re-reading rounds: counts before, figures after; never which films. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { call } from "./client";
import type { Page, RereadPreview, RereadRound } from "./types";

export interface RereadChoice {
  readonly cohort: string | null;
  readonly threshold_months: number | null;
  readonly largest: number | null;
  readonly age_seen_allowed: boolean;
}

export function useRereads() {
  return useQuery({
    queryKey: ["rereads"],
    queryFn: ({ signal }) => call<Page<RereadRound>>("/rereads", { signal }),
  });
}

export function useRereadPreview(choice: RereadChoice) {
  return useQuery({
    queryKey: ["rereads", "preview", choice],
    queryFn: ({ signal }) => call<RereadPreview>("/rereads/preview", { method: "POST", body: choice, signal }),
    retry: false,
    staleTime: 0,
  });
}

export function useStartReread() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (choice: RereadChoice) => call<RereadRound>("/rereads", { method: "POST", body: choice }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["rereads"] }),
  });
}

export function useStopReread() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, reason }: { id: string; reason: string }) =>
      call<RereadRound>(`/rereads/${id}/stop`, { method: "POST", body: { reason } }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["rereads"] }),
  });
}
