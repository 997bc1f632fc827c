import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import type { ReadingRoom } from "../../api/types";
import { useFormat } from "../../i18n/format";
import { AgeEntryFields } from "./AgeEntryFields";
import { PlateStrip } from "./PlateStrip";
import type { ReadingAnswer } from "./useReadingAnswer";

interface Props {
  readonly reading: ReadingRoom;
  readonly value: ReadingAnswer;
  readonly children: ReactNode;
  onEnter(): void;
}

/** Years, months, plates: the one question of the reading room. */
export function AnswerForm({ reading, value, children, onEnter }: Props) {
  const { t } = useTranslation("reading");
  const { age } = useFormat();
  const invalid = !value.isEmpty && value.months === null;
  const plate = value.answer?.plate_months ?? null;
  const where = plate === null ? t("between") : plate === value.months ? t("onPlate") : t("fromPlate", { age: age(plate) });
  const note = invalid ? t("invalid") : value.months === null ? "\u00a0" : `${age(value.months)} · ${where}`;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onEnter();
      }}
    >
      <AgeEntryFields entry={value.entry} invalid={invalid} onChange={value.setEntry} onPlate={value.step} />
      <p id="age-note" className="age-note" data-bad={invalid || undefined} role="status" data-testid="age-note">
        {note}
      </p>
      <div className="read-label">{t("plates")}</div>
      <PlateStrip plates={reading.standards_months} months={value.months} onChoose={value.choose} onPlate={value.step} />
      <p className="room-dim" style={{ fontSize: 12, margin: "0 0 14px" }}>
        {t("platesHint", { method: reading.protocol.method, edition: reading.protocol.edition })}{" "}
        {t("keysHint", { up: "↑", down: "↓" })}
      </p>
      {children}
    </form>
  );
}
