import { useTranslation } from "react-i18next";

import type { Study, StudyEvent } from "../../api/types";
import type { Texts } from "../../i18n";
import { useFormat } from "../../i18n/format";

type KnownVerb = keyof Texts["history"]["verb"];

/** What happened, in words. */
export function useVerb(): (event: StudyEvent) => string {
  const { t, i18n } = useTranslation("history");
  return (event) => (i18n.exists(`history:verb.${event.verb}`) ? t(`verb.${event.verb as KnownVerb}`) : event.verb);
}

/** From what to what, where the line says it: a priority, a cohort, a person; a state has its own word already. */
export function useChange(): (event: StudyEvent) => string | null {
  const { t } = useTranslation("history");
  const { t: common } = useTranslation();
  return ({ verb, old, new: now }) => {
    if (verb === "set_priority") return now === "urgent" || now === "normal" || now === "low" ? common(`priority.${now}`) : now;
    if (verb === "set_cohort" || verb === "rename" || verb === "change_height") return t("fromTo", { from: old ?? t("none"), to: now ?? t("none") });
    if (verb.startsWith("assign_") || verb === "state_height") return now;
    if (verb === "withdraw_height") return old;
    if (verb.startsWith("release_")) return old;
    return null;
  };
}

/** A finding's code in words, in the person's language; what a person wrote as it is. */
export function useReason(): (event: StudyEvent, study: Study | null) => string | null {
  const { language } = useFormat();
  return (event, study) => {
    if (event.verb === "restore") return null;
    const found = study?.radiographs.flatMap(({ quality }) => quality).find(({ code }) => code === event.reason);
    if (found) return language === "zh-Hans" ? found.message_zh : found.message_en;
    return event.reason;
  };
}

/** How far from the film a height was measured, in words. */
export function useMeasured(): (days: number) => string {
  const { t } = useTranslation("result");
  return (days) =>
    days === 0 ? t("height.measured.same") : t(days < 0 ? "height.measured.before" : "height.measured.after", { count: Math.abs(days) });
}
