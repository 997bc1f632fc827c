import { Modal } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";

interface Props {
  readonly opened: boolean;
  readonly to: string;
  readonly pinned: number;
  readonly sending: boolean;
  /** Why it did not go: told here, for the page behind cannot be seen. */
  readonly problem: string;
  onSend(reason: string): void;
  onClose(): void;
}

/** Sending back needs a reason: one sentence that the labeller reads first. */
export function SendBackDialog({ opened, to, pinned, sending, problem, onSend, onClose }: Props) {
  const { t } = useTranslation("workbench");
  const [reason, setReason] = useState("");
  const [asked, setAsked] = useState(false);
  const send = (event: FormEvent) => {
    event.preventDefault();
    setAsked(true);
    if (reason.trim()) onSend(reason.trim());
  };
  return (
    <Modal opened={opened} onClose={onClose} title={t("review.sendBackTitle", { name: to })} closeButtonProps={{ "aria-label": t("review.cancel") }} transitionProps={{ duration: 0 }}>
      <form onSubmit={send} data-testid="send-back-dialog">
        <label htmlFor="return-reason" style={{ fontWeight: 600 }}>
          {t("review.reason")}
        </label>
        <textarea
          id="return-reason"
          className="room-text"
          rows={3}
          maxLength={2000}
          data-autofocus
          data-testid="return-reason"
          placeholder={t("review.reasonPlaceholder")}
          aria-invalid={asked && !reason.trim()}
          aria-describedby="return-reason-note"
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          onKeyDown={(event) => event.key === "Enter" && !event.shiftKey && !event.nativeEvent.isComposing && send(event)}
        />
        {problem && (
          <div className="room-notice" data-kind="bad" role="alert">
            {problem}
          </div>
        )}
        <p id="return-reason-note" style={{ margin: "4px 0 12px", fontSize: 13 }}>
          {asked && !reason.trim() ? t("review.reasonNeeded") : pinned > 0 ? t("review.sendBackPinned", { count: pinned }) : "\u00a0"}
        </p>
        <div style={{ display: "flex", gap: 8, justifyContent: "flex-end" }}>
          <button type="button" className="room-button" onClick={onClose}>
            {t("review.cancel")}
          </button>
          <button type="submit" className="room-button" data-danger data-testid="send-back-confirm" disabled={sending}>
            {t("review.send")}
          </button>
        </div>
      </form>
    </Modal>
  );
}
