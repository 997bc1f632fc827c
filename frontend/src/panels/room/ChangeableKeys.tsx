import { useTranslation } from "react-i18next";

import { chordText, type Chord } from "../../core/keymap";
import type { KeySlot } from "../../core/personKeys";
import type { KeyChanging } from "./useKeyChanging";

interface Props {
  readonly actions: readonly KeySlot[];
  readonly map: Readonly<Partial<Record<KeySlot, readonly Chord[]>>>;
  /** Null: the keys are only shown. */
  readonly edit: KeyChanging | null;
}

/** Actions with their keys; while keys are being changed, each is a button. */
export function ChangeableKeys({ actions, map, edit }: Props) {
  const { t } = useTranslation("workbench");
  const nameOf = (slot: KeySlot) => edit?.nameOf(slot) ?? t(`actions.${slot as "fit"}`);
  return (
    <dl>
      {actions.map((slot) => {
        const chords = map[slot] ?? [];
        const caps = chords.map(chordText).map((text) => <kbd key={text} className="room-key">{text}</kbd>);
        return (
          <div key={slot}>
            <dt>
              {edit?.canChange(slot) ? (
                <button
                  type="button"
                  className="keymap-change"
                  aria-label={t("help.changeOf", { action: nameOf(slot), key: chords.map(chordText).join(", ") })}
                  aria-pressed={edit.waiting === slot}
                  data-testid={`change-${slot}`}
                  onClick={() => edit.start(slot)}
                >
                  {edit.waiting === slot ? t("help.pressNow") : caps}
                </button>
              ) : (
                caps
              )}
            </dt>
            <dd>
              {nameOf(slot)}
              {edit?.has(slot) && (
                <button type="button" className="keymap-reset" data-testid={`reset-${slot}`} onClick={() => edit.reset(slot)}>
                  {t("help.reset")}
                </button>
              )}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}
