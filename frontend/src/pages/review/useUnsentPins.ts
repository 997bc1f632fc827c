/** A reviewer's comments that were not sent yet, so that a reload loses none. */
import { useState } from "react";

import { isRegionId } from "../../core/regions";
import { keepNote, keptNote } from "../../panels/room/tabNotes";
import type { Comments } from "./CommentPanel";

const isComments = (value: unknown): value is Comments =>
  typeof value === "object" &&
  value !== null &&
  Object.entries(value).every(([region, text]) => isRegionId(region) && typeof text === "string");

const noteOf = (boxSet: string): string => `pins-${boxSet}`;

/** Once the verdict is in. */
export const forgetPins = (person: string | null, boxSet: string): void => keepNote(person, noteOf(boxSet), null);

/** `restored`: how many were there already when the page was opened; 0 once the person has seen to them. */
export function useUnsentPins(person: string | null, boxSet: string) {
  const [found] = useState(() => keptNote(person, noteOf(boxSet), isComments) ?? {});
  const [comments, setComments] = useState<Comments>(found);
  const [restored, setRestored] = useState(Object.keys(found).length);
  const change = (changed: Comments) => {
    setComments(changed);
    setRestored(0);
    keepNote(person, noteOf(boxSet), Object.keys(changed).length > 0 ? changed : null);
  };
  return { comments, change, restored };
}
