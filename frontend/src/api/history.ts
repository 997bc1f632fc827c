import { useMutation, useQuery } from "@tanstack/react-query";

import { address } from "./address";
import { call } from "./client";
import type { BoxDifferences, BoxSetVersion, Chain, StudyEvent, StudyThen } from "./types";

/** All versions of people's boxes, oldest first. */
export function useBoxSetVersions(study: string) {
  return useQuery({
    queryKey: ["study", study, "box-sets"],
    queryFn: ({ signal }) => call<BoxSetVersion[]>(`/studies/${study}/box-sets`, { signal }),
  });
}

/** What changed from `against` (null: the version it continues) to a box set; not asked while `boxSet` is null. */
export function useDifferences(boxSet: string | null, against: string | null) {
  return useQuery({
    queryKey: ["box-set", boxSet, "differences", against],
    queryFn: ({ signal }) => call<BoxDifferences>(`/box-sets/${boxSet}/differences`, { query: { against }, signal }),
    enabled: boxSet !== null,
  });
}

/** The study as it was; not asked while `moment` is null. */
export function useStudyAt(study: string, moment: string | null) {
  return useQuery({
    queryKey: ["study", study, "at", moment],
    queryFn: ({ signal }) => call<StudyThen>(`/studies/${study}/at`, { query: { moment }, signal }),
    enabled: moment !== null,
    staleTime: Infinity,
    retry: false,
  });
}

/** Verifies a chain of history when asked to: a study's, or (null) the site's. */
export function useVerifyChain(study: string | null) {
  return useMutation({ mutationFn: () => call<Chain>(study ? `/studies/${study}/events/chain` : "/events/chain") });
}

export const historyFile = (study: string | null, format: "csv" | "json"): string =>
  address(study ? `/studies/${study}/events/export` : "/events/export", { format });

/** What was done to people, cohorts and protocols, newest first. */
export function useSiteEvents() {
  return useQuery({ queryKey: ["events"], queryFn: ({ signal }) => call<StudyEvent[]>("/events", { signal }) });
}

/** Calls a comment resolved, or open again, looking at this box set. */
export const markComment = (boxSet: string, comment: number, resolved: boolean) =>
  call<null>(`/comments/${comment}/mark`, { body: { box_set: boxSet, resolved } });
