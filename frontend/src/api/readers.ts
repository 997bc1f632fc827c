/** How readers differ, and how far reading is. */
import { useQuery } from "@tanstack/react-query";

import { address } from "./address";
import { call } from "./client";
import type { ReaderFigures, ReadingProgress } from "./types";

export type Against = ReaderFigures["against"];

export interface ReadersQuery {
  readonly cohort: string;
  readonly against: Against;
}

export function useReaders({ cohort, against }: ReadersQuery) {
  return useQuery({
    queryKey: ["readers", cohort, against],
    queryFn: ({ signal }) => call<ReaderFigures>("/readers", { query: { cohort, against }, signal }),
    placeholderData: (before) => before,
  });
}

export function useReadingProgress() {
  return useQuery({
    queryKey: ["readers", "progress"],
    queryFn: ({ signal }) => call<ReadingProgress>("/readers/progress", { signal }),
  });
}

export const readersCsv = ({ cohort, against }: ReadersQuery) => address("/readers/figures.csv", { cohort, against });
