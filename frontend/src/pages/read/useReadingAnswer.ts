import { useCallback, useState } from "react";

import type { BoneAgeAnswer } from "../../api/reading";
import { NO_ENTRY, enteredMonths, entryOf, keptPlate, neighbouringPlate, type AgeEntry } from "../../core/boneAge";

/** The age being entered: typed, or picked from the strip; both stay one value. */
export function useReadingAnswer(plates: readonly number[], start: number | null = null, startPlate: number | null = null) {
  const [entry, setEntry] = useState<AgeEntry>(start === null ? NO_ENTRY : entryOf(start));
  const months = enteredMonths(entry);
  const isEmpty = entry.years === "" && entry.months === "";
  const [chosen, setChosen] = useState(startPlate);
  const choose = useCallback((plate: number) => {
    setEntry(entryOf(plate));
    setChosen(plate);
  }, []);
  const step = (by: 1 | -1) => {
    const plate = neighbouringPlate(plates, months, by);
    if (plate !== null) choose(plate);
  };
  const answer: BoneAgeAnswer | null =
    months === null ? null : { bone_age_months: months, plate_months: keptPlate(plates, chosen, months) };
  return { entry, setEntry, months, isEmpty, choose, step, answer };
}

export type ReadingAnswer = ReturnType<typeof useReadingAnswer>;
