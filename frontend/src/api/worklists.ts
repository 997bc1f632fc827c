import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";

import { call } from "./client";
import type { Hold, ManyChanged, PersonChoice, Priority, WorkKind, Worklists } from "./types";

/** What waits for me, by role. */
export function useWorklists() {
  return useQuery({
    queryKey: ["home", "worklists"],
    queryFn: ({ signal }) => call<Worklists>("/worklists", { signal }),
    refetchInterval: 30_000,
  });
}

/** Whom work can be given to. */
export function usePeopleChoices(enabled = true) {
  return useQuery({
    queryKey: ["people", "choices"],
    queryFn: ({ signal }) => call<PersonChoice[]>("/people/choices", { signal }),
    staleTime: 60_000,
    enabled,
  });
}

/** One bulk action; `studies` is put into the body by the caller of `mutate`. */
export type ManyAction =
  | { readonly do: "assign"; readonly kind: WorkKind; readonly person: string }
  | { readonly do: "release"; readonly kind: WorkKind }
  | { readonly do: "priority"; readonly priority: Priority }
  | { readonly do: "cohort"; readonly cohort: string | null }
  | { readonly do: "exclude"; readonly reason: string };

export function useChangeMany() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ action, studies }: { action: ManyAction; studies: readonly string[] }) => {
      const { do: name, ...body } = action;
      return call<ManyChanged>(`/studies/${name}`, { body: { ...body, studies } });
    },
    onSuccess: async () => {
      await Promise.all([
        client.invalidateQueries({ queryKey: ["studies"] }),
        client.invalidateQueries({ queryKey: ["study"] }),
        client.invalidateQueries({ queryKey: ["cohorts"] }),
        client.invalidateQueries({ queryKey: ["home"] }),
      ]);
    },
  });
}

const HEARTBEAT_MS = 60_000;

/** Says every minute that this box set is open here; the answer is who works on the film, or null while unknown. */
export function useHold(boxSet: string, wanted: boolean): Hold | null {
  const [hold, setHold] = useState<Hold | null>(null);
  useEffect(() => {
    if (!wanted) return;
    let gone = false;
    const beat = async () => {
      if (document.visibilityState === "hidden") return;
      try {
        const found = await call<Hold>(`/box-sets/${boxSet}/hold`, { method: "POST", body: {} });
        if (!gone) setHold(found);
      } catch {
        // Offline or signed out: the hold runs out by itself, and nothing that is drawn depends on it.
      }
    };
    void beat();
    const timer = setInterval(() => void beat(), HEARTBEAT_MS);
    return () => {
      gone = true;
      clearInterval(timer);
    };
  }, [boxSet, wanted]);
  return hold;
}
