import { useQueryClient } from "@tanstack/react-query";
import { createContext, useContext, useEffect, useMemo, useSyncExternalStore, type ReactNode } from "react";

import { sendFilm } from "../../api/uploads";
import { UploadQueue } from "./queue";

const Context = createContext<UploadQueue | null>(null);

/** One queue for the whole shell: films go on being sent while one looks at another page. */
export function UploadProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const queue = useMemo(
    () =>
      new UploadQueue(sendFilm, (item) => {
        if (item.status !== "received") return;
        void client.invalidateQueries({ queryKey: ["studies"] });
        void client.invalidateQueries({ queryKey: ["home"] });
      }),
    [client],
  );

  useEffect(() => {
    const warn = (event: BeforeUnloadEvent) => {
      if (queue.snapshot().some((item) => item.status === "waiting" || item.status === "sending")) {
        event.preventDefault();
      }
    };
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [queue]);

  return <Context.Provider value={queue}>{children}</Context.Provider>;
}

export function useUploadQueue(): UploadQueue {
  const queue = useContext(Context);
  if (!queue) throw new Error("UploadProvider is missing above this component.");
  return queue;
}

export function useUploadItems() {
  const queue = useUploadQueue();
  return useSyncExternalStore(queue.subscribe, queue.snapshot);
}
