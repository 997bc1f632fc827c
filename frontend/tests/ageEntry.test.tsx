/** A bone age by the keyboard: what hands do by habit must not change it. */
import { MantineProvider } from "@mantine/core";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeAll, describe, expect, it, vi } from "vitest";

import type { ReadingRoom } from "../src/api/types";
import { startI18n } from "../src/i18n";
import { AnswerForm } from "../src/pages/read/AnswerForm";
import { useReadingAnswer } from "../src/pages/read/useReadingAnswer";

beforeAll(async () => {
  await startI18n("en");
});

const PLATES = [0, 3, 120, 132, 138, 150];
const reading = { standards_months: PLATES, protocol: { method: "Greulich-Pyle", edition: "2nd" } } as unknown as ReadingRoom;

function Answer({ onLock }: { readonly onLock: (months: number | null) => void }) {
  const value = useReadingAnswer(PLATES);
  return (
    <AnswerForm reading={reading} value={value} onEnter={() => onLock(value.months)}>
      <button type="submit">Lock</button>
    </AnswerForm>
  );
}

function show() {
  const lock = vi.fn<(months: number | null) => void>();
  render(
    <MantineProvider env="test">
      <Answer onLock={lock} />
    </MantineProvider>,
  );
  return lock;
}

const focused = () => document.activeElement?.getAttribute("data-testid");

describe("entering a bone age", () => {
  it("stays at the months when Tab follows two figures of years, once", async () => {
    const lock = show();
    await userEvent.keyboard("12{Tab}6{Enter}");
    expect(lock).toHaveBeenLastCalledWith(150);
    await userEvent.keyboard("{Tab}");
    expect(focused()).toBe("plate-150");
  });

  it("lets the second Tab through, and one after months went back and forth", async () => {
    show();
    await userEvent.keyboard("12{Tab}{Tab}");
    expect(focused()).toBe("plate-138");
    await userEvent.keyboard("{Shift>}{Tab}{/Shift}");
    expect(focused()).toBe("read-months");
    await userEvent.keyboard("{Tab}");
    expect(focused()).toBe("plate-138");
  });

  it("locks what was entered when Enter is pressed on a plate that nobody chose", async () => {
    const lock = show();
    await userEvent.keyboard("12{Tab}{Tab}{Enter}");
    expect(lock).toHaveBeenLastCalledWith(144);
    expect(screen.queryByRole("radio", { checked: true })).toBeNull();
  });

  it("makes one stop of the plates: arrows choose, Tab goes on to the lock", async () => {
    const lock = show();
    await userEvent.keyboard("12{Tab}{Tab}{ArrowDown}");
    expect(screen.getByRole("radio", { checked: true }).getAttribute("data-testid")).toBe("plate-138");
    await userEvent.keyboard("{ArrowUp}{ArrowRight}{ArrowLeft}");
    expect(focused()).toBe("plate-138");
    await userEvent.keyboard(" {Tab}");
    expect(document.activeElement?.textContent).toBe("Lock");
    await userEvent.keyboard("{Enter}");
    expect(lock).toHaveBeenLastCalledWith(138);
  });
});
