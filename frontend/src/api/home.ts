import { useQuery } from "@tanstack/react-query";

import { call } from "./client";
import type { Home } from "./types";

export function useHome() {
  return useQuery({
    queryKey: ["home"],
    queryFn: ({ signal }) => call<Home>("/home", { signal }),
    refetchInterval: 30_000,
  });
}

/** Where the next reading is; null when nothing is left. */
export const nextToRead = () => call<{ token: string } | null>("/read/next", { method: "POST" });
