import { Modal } from "@mantine/core";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";

import { usePersonKeys } from "../../canvas/usePersonKeys";
import { chordOf, chordText } from "../../core/keymap";
import { ABSENT_REASONS, type AbsentReason } from "../../core/regionState";
import { regionName, type RegionId } from "../../core/regions";
import { Key } from "../../panels/room/Key";
import { isInField } from "../../panels/room/useRoomKeys";

interface Props {
  readonly region: RegionId | null;
  onChoose(reason: AbsentReason): void;
  onClose(): void;
}

/** Why a region is absent: one more key. */
export function AbsentDialog({ region, onChoose, onClose }: Props) {
  const { t, i18n } = useTranslation("workbench");
  const key = chordText(usePersonKeys().label.centreNotVisible[0] ?? "");
  useEffect(() => {
    if (!region) return undefined;
    const choose = (event: KeyboardEvent) => {
      const reason = ABSENT_REASONS[Number(chordOf(event)) - 1];
      if (!reason || isInField(event.target)) return;
      event.preventDefault();
      event.stopPropagation();
      onChoose(reason);
    };
    window.addEventListener("keydown", choose, { capture: true });
    return () => window.removeEventListener("keydown", choose, { capture: true });
  }, [region, onChoose]);
  return (
    <Modal
      opened={region !== null}
      onClose={onClose}
      title={region ? t("absentDialog.title", { region: regionName(region, i18n.language) }) : ""}
      closeButtonProps={{ "aria-label": t("absentDialog.cancel") }}
      transitionProps={{ duration: 0 }}
    >
      <div className="absent-options" data-testid="absent-dialog">
        {ABSENT_REASONS.map((reason, i) => (
          <button
            key={reason}
            type="button"
            className="room-button"
            data-testid={`absent-${reason}`}
            data-autofocus={i === 0 || undefined}
            onClick={() => onChoose(reason)}
          >
            <Key chord={String(i + 1)} />
            {t(`reasons.${reason}`)}
          </button>
        ))}
        <p className="room-dim" style={{ fontSize: 13, margin: "6px 0 0" }}>
          {t("absentDialog.hint", { key })}
        </p>
      </div>
    </Modal>
  );
}
