import { useQueryClient } from "@tanstack/react-query";
import { createContext, useContext, useEffect, useMemo, useSyncExternalStore, type ReactNode } from "react";

import { announceSignedOut } from "../../api/client";
import { useSessionQuery } from "../../api/session";
import { knownFilms, outcomesOf, sendFilm, serverIsThere } from "../../api/uploads";
import { canDigest, sha256 } from "./digest";
import type { UploadState } from "./items";
import { UploadQueue } from "./queue";
import type { UploadServer } from "./uploadServer";

const Context = createContext<UploadQueue | null>(null);

const server = (): UploadServer => ({
  send: sendFilm,
  outcomes: outcomesOf,
  reachable: serverIsThere,
  signedOut: announceSignedOut,
  known: canDigest() ? knownFilms : null,
  digest: sha256,
});

/** Lists of studies are fetched anew when films have come in, but not for each of a thousand. */
const REFRESH_MS = 1_500;

/** One queue for the whole shell: films go on being sent while one looks at another page. */
export function UploadProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const session = useSessionQuery();
  const queue = useMemo(() => {
    let planned = false;
    return new UploadQueue(server(), () => {
      if (planned) return;
      planned = true;
      setTimeout(() => {
        planned = false;
        for (const key of ["studies", "home", "intake", "blocked"]) void client.invalidateQueries({ queryKey: [key] });
      }, REFRESH_MS);
    });
  }, [client]);

  useEffect(() => {
    const warn = (event: BeforeUnloadEvent) => {
      if (queue.snapshot().summary.open > 0) event.preventDefault();
    };
    const online = () => queue.retryNow();
    window.addEventListener("beforeunload", warn);
    window.addEventListener("online", online);
    return () => {
      window.removeEventListener("beforeunload", warn);
      window.removeEventListener("online", online);
    };
  }, [queue]);

  const signedIn = session.data?.user ? session.dataUpdatedAt : 0;
  useEffect(() => {
    if (signedIn > 0) queue.signedIn();
  }, [queue, signedIn]);

  return <Context.Provider value={queue}>{children}</Context.Provider>;
}

export function useUploadQueue(): UploadQueue {
  const queue = useContext(Context);
  if (!queue) throw new Error("UploadProvider is missing above this component.");
  return queue;
}

export function useUploads(): UploadState {
  const queue = useUploadQueue();
  return useSyncExternalStore(queue.subscribe, queue.snapshot);
}
