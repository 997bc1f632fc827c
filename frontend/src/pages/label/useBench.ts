import { useCallback, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import type { BoxSet } from "../../api/types";
import { applyEdit, workingBox, type ChangeSet, type Edit } from "../../core/changes";
import type { Box } from "../../core/boxes";
import type { PendingOperation } from "../../core/operations";
import { regionName, type RegionId } from "../../core/regions";
import type { AbsentReason, Attribute } from "../../core/regionState";
import { useEffort } from "./useEffort";
import { useFocusRegion } from "./useFocusRegion";
import { useWorkSession } from "./useWorkSession";

/** Everything that can be done to the boxes of one film, each as one named action. */
export function useBench(boxSet: BoxSet, kept: readonly PendingOperation[]) {
  const { t, i18n } = useTranslation("workbench");
  const [session, work] = useWorkSession(boxSet, kept);
  const focus = useFocusRegion(work.contents);
  const effort = useEffort();
  const [message, setMessage] = useState("");
  const [absentFor, setAbsentFor] = useState<RegionId | null>(null);
  const editable = boxSet.can.includes("edit");
  const names = useCallback(
    (regions: readonly RegionId[]) => regions.map((id) => regionName(id, i18n.language)).join(i18n.language === "en" ? ", " : "、"),
    [i18n.language],
  );
  const latest = useRef({ focus, work });
  latest.current = { focus, work };

  return useMemo(() => {
    const now = () => session.snapshot();
    const inHand = () => latest.current.focus.region;

    function perform(edit: Edit, said = ""): boolean {
      if (!editable) return false;
      effort.act();
      const changed = session.edit(edit);
      if (changed) setMessage(said);
      return changed;
    }

    /** Does it, then goes on to the next open region. */
    function settle(edit: Edit, region: RegionId, said = ""): void {
      const { contents } = applyEdit(now().contents, now().proposals, edit);
      if (perform(edit, said)) latest.current.focus.advance(contents, region);
    }

    function say(changes: ChangeSet | null, key: "label.undone" | "label.redone"): void {
      if (!changes) return;
      effort.act();
      setMessage(t(key, { regions: names(changes.map((change) => change.region)) }));
      const first = changes[0];
      if (first) latest.current.focus.take(first.region);
    }

    return {
      draw(region: RegionId, box: Box) {
        if (perform({ kind: "draw", region, box })) latest.current.focus.take(region);
      },
      moveAll: (dx: number, dy: number) => void perform({ kind: "moveAll", dx, dy }),
      pick(region: RegionId | null) {
        effort.act();
        if (region) latest.current.focus.take(region);
      },
      callUp(region: RegionId) {
        effort.act();
        latest.current.focus.callUp(region);
      },
      walk(step: 1 | -1) {
        effort.act();
        latest.current.focus.walk(step);
      },
      /** Enter: the suggestion is taken over; a box that is already the person's is simply left behind. */
      accept() {
        const region = inHand();
        if (!region) return latest.current.focus.walk(1);
        const open = now().contents[region].state === "missing";
        if (open && !now().proposals[region]) return undefined;
        if (open) return settle({ kind: "accept", region }, region, t("label.accepted", { region: names([region]) }));
        effort.act();
        return latest.current.focus.walk(1);
      },
      acceptAll: () => void perform({ kind: "acceptAll" }),
      askAbsent() {
        const region = inHand();
        if (region && editable) {
          effort.act();
          setAbsentFor(region);
        }
      },
      absent(reason: AbsentReason) {
        if (absentFor) settle({ kind: "absent", region: absentFor, reason }, absentFor);
        setAbsentFor(null);
      },
      closeAbsent: () => setAbsentFor(null),
      clear() {
        const region = inHand();
        if (region) perform({ kind: "clear", region }, t("label.deleted", { region: names([region]) }));
      },
      attribute(attribute: Attribute) {
        const region = inHand();
        if (region) perform({ kind: "attribute", region, attribute });
      },
      edit: (edit: Edit) => perform(edit),
      undo: () => editable && say(session.undo(), "label.undone"),
      redo: () => editable && say(session.redo(), "label.redone"),
      keepMine: (region: RegionId) => session.keepMine(region),
      takeTheirs: (region: RegionId) => session.takeTheirs(region),
      retry: () => session.retryNow(),
      boxInHand(): Box | null {
        const region = inHand();
        return region ? workingBox(now().contents, now().proposals, region) : null;
      },
      say: setMessage,
      session,
      work,
      focus,
      effort,
      message,
      absentFor,
      editable,
      names,
    };
  }, [session, work, focus, effort, message, absentFor, editable, names, t]);
}

export type Bench = ReturnType<typeof useBench>;
