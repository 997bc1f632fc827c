/** The template's suggestions that nobody has answered yet, so that a reload loses none: the server knows nothing of them. */
import type { Box } from "../../core/boxes";
import type { Proposal, Proposals } from "../../core/regionState";
import { isRegionId } from "../../core/regions";
import { keepNote, keptNote } from "../../panels/room/tabNotes";

const noteOf = (boxSet: string): string => `template-${boxSet}`;

const isBox = (value: unknown): value is Box =>
  typeof value === "object" && value !== null && (["x0", "y0", "x1", "y1"] as const).every((edge) => Number.isFinite((value as Box)[edge]));

const isTemplate = (value: unknown): value is Proposals =>
  typeof value === "object" &&
  value !== null &&
  Object.entries(value).every(([region, proposal]) => isRegionId(region) && (proposal as Proposal).origin === "template" && isBox((proposal as Proposal).box));

/** Null where none is kept. */
export const keptTemplate = (person: string | null, boxSet: string): Proposals | null => keptNote(person, noteOf(boxSet), isTemplate);

/** Of what is suggested now, what the template laid and nobody has answered; lets go of it once there is none. */
export function keepTemplate(person: string | null, boxSet: string, proposals: Proposals): void {
  const open = Object.entries(proposals).filter(([, proposal]) => proposal.origin === "template");
  keepNote(person, noteOf(boxSet), open.length > 0 ? Object.fromEntries(open) : null);
}
