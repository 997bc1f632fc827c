import { useTranslation } from "react-i18next";

import type { Run } from "../api/types";
import type { Texts } from "../i18n";

type Phase = keyof Texts["runs"]["phase"];

/** A stage in the person's language; its own name where we have none. */
export function usePhaseName(): (run: Pick<Run, "phase">) => string {
  const { t, i18n } = useTranslation("runs");
  return ({ phase }) => {
    if (!phase) return t("phase.starting");
    return i18n.exists(`runs:phase.${phase}`) ? t(`phase.${phase as Phase}`) : phase.replaceAll("_", " ");
  };
}
