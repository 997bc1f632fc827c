import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";

import { enteredMonths, type AgeEntry } from "../../core/boneAge";

interface Props {
  readonly entry: AgeEntry;
  readonly busy: boolean;
  onEntry(entry: AgeEntry): void;
  onSettle(months: number, reason: string): void;
}

/** The adjudicator's value, typed or taken from a read, and the reason for it: taking a value leaves the reason alone. */
export function SettleForm({ entry, busy, onEntry, onSettle }: Props) {
  const { t } = useTranslation("consensus");
  const [reason, setReason] = useState("");
  const [asked, setAsked] = useState(false);
  const months = enteredMonths(entry);
  const settle = (event: FormEvent) => {
    event.preventDefault();
    setAsked(true);
    if (months !== null && reason.trim()) onSettle(months, reason.trim());
  };
  const digits = (text: string) => text.replace(/\D/g, "").slice(0, 3);
  return (
    <form className="settle" onSubmit={settle} aria-label={t("settleTitle")}>
      <h3>{t("settleTitle")}</h3>
      <div className="settle-age" role="group" aria-label={t("value")}>
        <label>
          {t("years")}
          <input inputMode="numeric" autoComplete="off" data-testid="settle-years" value={entry.years} onChange={(event) => onEntry({ ...entry, years: digits(event.currentTarget.value) })} />
        </label>
        <label>
          {t("months")}
          <input inputMode="numeric" autoComplete="off" data-testid="settle-months" value={entry.months} onChange={(event) => onEntry({ ...entry, months: digits(event.currentTarget.value) })} />
        </label>
      </div>
      <label className="settle-reason">
        {t("reason")}
        <textarea rows={2} maxLength={2000} data-testid="settle-reason" placeholder={t("reasonPlaceholder")} value={reason} onChange={(event) => setReason(event.currentTarget.value)} />
      </label>
      {asked && !reason.trim() && <p role="alert" className="consensus-error">{t("reasonNeeded")}</p>}
      <button type="submit" className="main-button" data-testid="settle" disabled={busy || months === null}>
        {t("settle")}
      </button>
    </form>
  );
}
