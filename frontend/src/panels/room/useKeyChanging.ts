import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import { useKeyChanges } from "../../canvas/usePersonKeys";
import { chordOf, chordText, type Chord } from "../../core/keymap";
import { FIXED_SLOTS, obstacleTo, type KeyChanges, type KeyObstacle, type KeySlot } from "../../core/personKeys";
import { regionName, type RegionId } from "../../core/regions";
import { isInField } from "./useRoomKeys";

const MODIFIERS = ["Shift", "Control", "Alt", "AltGraph", "Meta", "CapsLock", "NumLock", "Dead"];

/** Changing keys in the key map: which slot waits for its new key, and what was said last. */
export function useKeyChanging(close: () => void) {
  const { t } = useTranslation("workbench");
  const nameOf = useSlotName();
  const [changes, keep] = useKeyChanges();
  const [waiting, setWaiting] = useState<KeySlot | null>(null);
  const [obstacle, setObstacle] = useState<KeyObstacle | null>(null);
  const [message, setMessage] = useState("");

  const say = (text: string, found: KeyObstacle | null = null) => {
    setMessage(text);
    setObstacle(found);
  };

  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.isComposing || MODIFIERS.includes(event.key) || isInField(event.target)) return;
      if (!waiting && event.key !== "Escape") return;
      event.preventDefault();
      event.stopPropagation();
      if (!waiting) return close();
      if (event.key === "Escape") return setWaiting(null);
      const chord = chordOf(event);
      const found = obstacleTo(changes, waiting, chord);
      const words = { key: chordText(chord), other: found?.kind === "taken" ? nameOf(found.by) : "" };
      if (found) return say(t(`help.obstacle.${found.kind}`, words), found);
      keep({ ...changes, [waiting]: chord });
      say(t("help.changed", { action: nameOf(waiting), key: chordText(chord) }));
      return setWaiting(null);
    };
    window.addEventListener("keydown", press, { capture: true });
    return () => window.removeEventListener("keydown", press, { capture: true });
  });

  return {
    waiting,
    message,
    obstacle,
    isChanged: Object.keys(changes).length > 0,
    has: (slot: KeySlot) => slot in changes,
    canChange: (slot: KeySlot) => !FIXED_SLOTS.includes(slot),
    nameOf,
    start(slot: KeySlot) {
      setWaiting(slot);
      say("");
    },
    stop() {
      setWaiting(null);
      say("");
    },
    /** The usual keys may by now mean something else: then that is said, and nothing changes. */
    reset(slot: KeySlot) {
      const { [slot]: _, ...rest } = changes;
      const left = Object.entries(rest) as [KeySlot, Chord][];
      const clash = left.find(([other, chord]) => obstacleTo(rest, other, chord) !== null);
      if (clash) {
        const [by, chord] = clash;
        return say(t("help.obstacle.taken", { key: chordText(chord), other: nameOf(by) }), { kind: "taken", by });
      }
      keep(rest);
      return say("");
    },
    resetAll() {
      keep({} satisfies KeyChanges);
      say("");
    },
  };
}

export type KeyChanging = ReturnType<typeof useKeyChanging>;

function useSlotName(): (slot: KeySlot) => string {
  const { t, i18n } = useTranslation("workbench");
  return (slot) => {
    if (slot.startsWith("region:")) return regionName(slot.slice("region:".length) as RegionId, i18n.language);
    return t(`actions.${slot as Exclude<KeySlot, `region:${RegionId}`>}`);
  };
}
