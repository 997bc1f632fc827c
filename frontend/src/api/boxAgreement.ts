import { keepPreviousData, useQuery } from "@tanstack/react-query";

import { address, type Query } from "./address";
import { call } from "./client";
import type { BoxAgreement } from "./types";

export function useBoxAgreement(query: Query) {
  return useQuery({
    queryKey: ["box-agreement", query],
    queryFn: ({ signal }) => call<BoxAgreement>("/agreement/boxes", { query, signal }),
    placeholderData: keepPreviousData,
  });
}

export const boxAgreementFile = (query: Query): string => address("/agreement/boxes.csv", query);
