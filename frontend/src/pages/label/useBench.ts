import { useCallback, useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";

import type { BoxSet } from "../../api/types";
import type { Said } from "../../core/deskState";
import { LabelDesk } from "../../core/labelDesk";
import type { PendingOperation } from "../../core/operations";
import { regionName, type RegionId } from "../../core/regions";
import { usePersonKeys } from "../../canvas/usePersonKeys";
import { chordText } from "../../core/keymap";
import { keepTemplate, keptTemplate } from "./templateNote";
import { useWorkSession } from "./useWorkSession";

/** The desk of one film, what stands on it, and its words in the person's language. */
export function useBench(boxSet: BoxSet, kept: readonly PendingOperation[], person: string | null) {
  const { i18n } = useTranslation("workbench");
  const [session, work] = useWorkSession(boxSet, kept);
  const editable = boxSet.can.includes("edit");
  const [desk] = useState(() => {
    const made = new LabelDesk(session, editable, Date.now);
    const laid = keptTemplate(person, boxSet.id);
    if (laid) made.layAgain(laid);
    return made;
  });
  useEffect(() => keepTemplate(person, boxSet.id, editable ? work.proposals : {}), [person, boxSet.id, editable, work.proposals]);
  const state = useSyncExternalStore(desk.subscribe, desk.snapshot);
  useSignsOfLife(desk);
  const names = useCallback(
    (regions: readonly RegionId[]) => regions.map((id) => regionName(id, i18n.language)).join(i18n.language === "en" ? ", " : "、"),
    [i18n.language],
  );
  const message = useMessage(state.said, names);
  return useMemo(
    () => ({ desk, session, work, ...state, armed: desk.armed(), message, editable, names }),
    [desk, session, work, state, message, editable, names],
  );
}

export type Bench = ReturnType<typeof useBench>;

function useMessage(said: Said | null, names: (regions: readonly RegionId[]) => string): string {
  const { t } = useTranslation("workbench");
  const { label } = usePersonKeys();
  if (!said) return "";
  const { code, regions = [], count = 0, reason = "" } = said;
  const key = chordText(label.undo[0] ?? "");
  return t(`said.${code}`, { region: names(regions), regions: names(regions), count, reason, key });
}

/** Seconds count only while somebody is there. */
function useSignsOfLife(desk: LabelDesk): void {
  useEffect(() => {
    const stir = () => desk.stir();
    stir();
    const events = ["pointermove", "keydown", "wheel"] as const;
    events.forEach((name) => window.addEventListener(name, stir, { passive: true }));
    return () => events.forEach((name) => window.removeEventListener(name, stir));
  }, [desk]);
}
