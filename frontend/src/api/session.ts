import { useNetwork } from "@mantine/hooks";
import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import type { Language } from "../i18n";
import { ApiError, call } from "./client";
import type { Health, Role, Session, SignedInPerson } from "./types";

export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: ({ signal }) => call<Session>("/session", { signal }),
  staleTime: 60_000,
});

export function useSessionQuery() {
  return useQuery(sessionQuery);
}

/** Who is signed in, and what this installation is. Null while nobody is. */
export function useSession(): { user: SignedInPerson | null; site: Session["site"] | null; has: (role: Role) => boolean } {
  const { data } = useQuery(sessionQuery);
  const user = data?.user ?? null;
  return { user, site: data?.site ?? null, has: (role) => user?.roles.includes(role) ?? false };
}

const keepLanguage = (language: Language) => call<unknown>("/session", { method: "PATCH", body: { language } });

let chosenBefore: Language | null = null;

/** A language chosen while nobody is signed in is the choice of who signs in next, and goes into their account. */
export function chooseBeforeSigningIn(language: Language): void {
  chosenBefore = language;
}

export function useSignIn() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (credentials: { username: string; password: string }) =>
      call<Session>("/session", { method: "POST", body: credentials }),
    onSuccess: async () => {
      const chosen = chosenBefore;
      chosenBefore = null;
      // Whoever cannot keep it yet (a one-time password) signs in all the same.
      if (chosen) await keepLanguage(chosen).catch(() => undefined);
      await client.fetchQuery({ ...sessionQuery, staleTime: 0 });
    },
  });
}

export function useSignOut() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => call<null>("/session", { method: "DELETE" }),
    onSuccess: async () => {
      // What one person was shown must not be there for the next.
      client.removeQueries({ predicate: (query) => query.queryKey[0] !== "session" });
      await client.fetchQuery({ ...sessionQuery, staleTime: 0 });
    },
  });
}

export function useKeepLanguage() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: keepLanguage,
    onSuccess: () => client.invalidateQueries({ queryKey: ["session"] }),
  });
}

export function useChangePassword() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (passwords: { old: string; new: string }) => call<Session>("/session/password", { body: passwords }),
    onSuccess: (session) => client.setQueryData(["session"], session),
  });
}

export function useHealth() {
  return useQuery({
    queryKey: ["health"],
    queryFn: ({ signal }) => call<Health>("/health", { signal }),
    refetchInterval: 20_000,
    retry: false,
  });
}

/** Whether the server cannot be reached at the moment, as the browser or the last look at its health says. */
export function useUnreachable(): boolean {
  const { online } = useNetwork();
  const health = useHealth();
  return !online || (health.error instanceof ApiError && health.error.code === "offline");
}
