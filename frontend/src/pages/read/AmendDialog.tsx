import { useTranslation } from "react-i18next";

import type { BoneAgeAnswer } from "../../api/reading";
import type { ReadingRoom } from "../../api/types";
import { AgeEntryFields } from "./AgeEntryFields";
import { ReasonDialog } from "./ReasonDialog";
import { useReadingAnswer } from "./useReadingAnswer";

interface Props {
  readonly reading: ReadingRoom;
  readonly busy: boolean;
  readonly problem: string;
  onAmend(answer: BoneAgeAnswer, reason: string): void;
  onClose(): void;
}

/** A slip (13 years for 3) is corrected by a new version with a reason; the old one stays. */
export function AmendDialog({ reading, busy, problem, onAmend, onClose }: Props) {
  const { t } = useTranslation("reading");
  const value = useReadingAnswer(reading.standards_months, reading.read?.bone_age_months ?? null, reading.read?.plate_months ?? null);
  return (
    <ReasonDialog
      opened
      title={t("amendTitle")}
      label={t("amendReason")}
      confirm={t("amendSave")}
      busy={busy}
      problem={problem}
      disabled={!value.answer}
      onClose={onClose}
      onConfirm={(reason) => value.answer && onAmend(value.answer, reason)}
    >
      <p style={{ marginTop: 0 }}>{t("amendHint")}</p>
      <AgeEntryFields entry={value.entry} invalid={!value.isEmpty && value.months === null} onChange={value.setEntry} onPlate={value.step} />
      <p id="age-note" className="age-note">
        {!value.isEmpty && value.months === null ? t("invalid") : "\u00a0"}
      </p>
    </ReasonDialog>
  );
}
