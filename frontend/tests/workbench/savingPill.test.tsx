/** What the pill says of each state, and when it offers another try. */
import { render, screen } from "@testing-library/react";
import { expect, it } from "vitest";

import type { WorkState } from "../../src/core/workSession";
import { startI18n } from "../../src/i18n";
import { SavingPill } from "../../src/panels/room/SavingPill";

const work = (saving: WorkState["saving"], conflicts: number): WorkState =>
  ({ saving, savedAt: null, isKept: true, refusal: null, queue: { pending: [1], conflicts: Array(conflicts).fill({}) } }) as never;

it.each([
  ["saving", 0, "saving", false],
  ["saving", 2, "conflict", false],
  ["offline", 2, "offline", true],
] as const)("%s with %i conflicts is shown as %s", async (saving, conflicts, state, offersAgain) => {
  await startI18n("en");
  render(<SavingPill work={work(saving, conflicts)} retry={() => undefined} />);
  const pill = screen.getByTestId("saving-pill");
  expect(pill.dataset.state).toBe(state);
  expect(screen.queryByRole("button") !== null).toBe(offersAgain);
  if (state === "conflict") expect(pill.textContent).toContain("2 regions wait for you");
});
