/** What comes first in each queue. */
import type { QueryClient } from "@tanstack/react-query";

import { labelNext, reviewNext } from "./boxSets";
import { readNext } from "./reading";

/** Takes the next piece of work; answers with the address of its room, or null when nothing is left. */
export const NEXT_WORK = {
  label: async (client: QueryClient) => {
    const next = await labelNext(client);
    return next && `/label/${next.box_set}`;
  },
  review: async (client: QueryClient) => {
    const next = await reviewNext(client);
    return next && `/review/${next.box_set}`;
  },
  read: async () => {
    const next = await readNext();
    return next && `/read/${next.token}`;
  },
} as const;
