import { useCallback, useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";

import type { BoxSet } from "../../api/types";
import { LabelDesk, type Said } from "../../core/labelDesk";
import type { PendingOperation } from "../../core/operations";
import { regionName, type RegionId } from "../../core/regions";
import { usePersonKeys } from "../../canvas/usePersonKeys";
import { chordText } from "../../core/keymap";
import { useWorkSession } from "./useWorkSession";

/** The desk of one film, what stands on it, and its words in the person's language. */
export function useBench(boxSet: BoxSet, kept: readonly PendingOperation[]) {
  const { i18n } = useTranslation("workbench");
  const [session, work] = useWorkSession(boxSet, kept);
  const editable = boxSet.can.includes("edit");
  const [desk] = useState(() => new LabelDesk(session, editable, Date.now));
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
