import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";

import type { AgeEntry } from "../../core/boneAge";

interface Props {
  readonly entry: AgeEntry;
  readonly invalid: boolean;
  readonly disabled?: boolean;
  onChange(entry: AgeEntry): void;
  onPlate(step: 1 | -1): void;
}

/**
 * Years and months by the keyboard: two figures of years go on to the months by themselves. Who presses Tab all the same,
 * as after one figure, stays at the months: past them the months would be typed into nothing.
 */
export function AgeEntryFields({ entry, invalid, disabled, onChange, onPlate }: Props) {
  const { t } = useTranslation("reading");
  const years = useRef<HTMLInputElement>(null);
  const months = useRef<HTMLInputElement>(null);
  const wentOn = useRef(false);
  useEffect(() => {
    years.current?.focus();
  }, []);

  const digits = (text: string, most: number) => text.replace(/\D/g, "").slice(0, most);
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
    event.preventDefault();
    onPlate(event.key === "ArrowUp" ? 1 : -1);
  };
  const common = {
    inputMode: "numeric" as const,
    autoComplete: "off",
    className: "age-input",
    "data-film-keys": "",
    disabled,
    "aria-invalid": invalid,
    "aria-describedby": "age-note",
    onKeyDown,
    onFocus: (event: React.FocusEvent<HTMLInputElement>) => event.currentTarget.select(),
  };
  return (
    <div className="age-fields" role="group" aria-label={t("age")}>
      <label>
        <input
          ref={years}
          {...common}
          value={entry.years}
          data-testid="read-years"
          onChange={(event) => {
            const text = digits(event.currentTarget.value, 2);
            onChange({ ...entry, years: text });
            if (text.length !== 2) return;
            months.current?.focus();
            wentOn.current = true;
          }}
        />
        <span>{t("years")}</span>
      </label>
      <label>
        <input
          ref={months}
          {...common}
          value={entry.months}
          data-testid="read-months"
          onKeyDown={(event) => {
            if (wentOn.current && event.key === "Tab" && !event.shiftKey) event.preventDefault();
            wentOn.current = false;
            onKeyDown(event);
          }}
          onBlur={() => {
            wentOn.current = false;
          }}
          onChange={(event) => onChange({ ...entry, months: digits(event.currentTarget.value, 3) })}
        />
        <span>{t("months")}</span>
      </label>
    </div>
  );
}
