import { Modal } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";

interface Props {
  readonly opened: boolean;
  readonly deciding: boolean;
  onRefuse(reason: string): void;
  onClose(): void;
}

/** As long as the server takes. */
const LONGEST_REASON = 500;

/** Refusing throws the film away: that is said, and wants a reason. */
export function RefuseDialog({ opened, deciding, onRefuse, onClose }: Props) {
  const { t } = useTranslation("gate");
  const [reason, setReason] = useState("");
  const [asked, setAsked] = useState(false);
  const missing = asked && !reason.trim();
  const send = (event: FormEvent) => {
    event.preventDefault();
    setAsked(true);
    if (reason.trim()) onRefuse(reason.trim());
  };
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t("redact.refuseTitle")}
      closeButtonProps={{ "aria-label": t("redact.cancel") }}
      transitionProps={{ duration: 0 }}
    >
      <form onSubmit={send} data-testid="refuse-dialog">
        <p style={{ marginTop: 0 }}>{t("redact.refuseText")}</p>
        <label htmlFor="refuse-reason" style={{ display: "block", fontWeight: 600, marginBottom: 6 }}>
          {t("redact.refuseReason")}
        </label>
        <textarea
          id="refuse-reason"
          className="room-text"
          rows={3}
          maxLength={LONGEST_REASON}
          data-autofocus
          data-testid="refuse-reason"
          placeholder={t("redact.refusePlaceholder")}
          aria-invalid={missing}
          aria-describedby="refuse-reason-note"
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <p id="refuse-reason-note" style={{ margin: "4px 0 12px", fontSize: 13 }}>
          {missing ? t("redact.reasonNeeded") : t("redact.reasonNoNames")}
        </p>
        <div className="redact-buttons">
          <button type="button" className="room-button" onClick={onClose}>
            {t("redact.cancel")}
          </button>
          <button type="submit" className="room-button" data-danger data-testid="refuse-confirm" disabled={deciding}>
            {t("redact.refuseConfirm")}
          </button>
        </div>
      </form>
    </Modal>
  );
}
