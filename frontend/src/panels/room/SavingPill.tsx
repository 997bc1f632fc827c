import { useTranslation } from "react-i18next";

import type { WorkState } from "../../core/workSession";
import { isLanguage } from "../../i18n";
import { useErrorText } from "../errorText";

interface Props {
  readonly work: WorkState;
  retry(): void;
}

const SYMBOLS = { saved: "●", saving: "◔", conflict: "▲", offline: "◌", signed_out: "▲", refused: "▲" } as const;

/** Always says one thing: saved, saving, waiting for the person's word, offline with so many changes kept, or sign in
 * again. */
export function SavingPill({ work, retry }: Props) {
  const { t, i18n } = useTranslation("workbench");
  const errorText = useErrorText();
  const count = work.queue.pending.length;
  const asked = work.queue.conflicts.length;
  const state = work.saving === "saving" && asked > 0 ? "conflict" : work.saving;
  const words = {
    saved: work.savedAt ? t("saving.saved", { time: clock(work.savedAt, i18n.language) }) : t("saving.savedBefore"),
    saving: t("saving.saving"),
    conflict: t("saving.conflict", { count: asked }),
    offline: t(work.isKept ? "saving.offline" : "saving.offlineNotKept", { count }),
    signed_out: t("saving.signed_out"),
    refused: t("saving.refused", { reason: errorText(work.refusal) }),
  };
  const stuck = work.saving === "offline" || work.saving === "refused";
  return (
    <span className="pill" role="status" data-state={state} data-testid="saving-pill">
      <span aria-hidden="true">{SYMBOLS[state]}</span>
      {words[state]}
      {stuck && (
        <button type="button" onClick={retry}>
          {t("saving.retry")}
        </button>
      )}
    </span>
  );
}

const clock = (iso: string, language: string): string =>
  new Date(iso).toLocaleTimeString(isLanguage(language) && language === "en" ? "en-GB" : "zh-CN", { hour12: false });
