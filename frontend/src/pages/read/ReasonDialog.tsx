import { Modal } from "@mantine/core";
import { useState, type FormEvent, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

interface Props {
  readonly opened: boolean;
  readonly title: string;
  readonly label: string;
  readonly placeholder?: string;
  readonly confirm: string;
  readonly busy: boolean;
  readonly disabled?: boolean;
  /** Why it was not kept: told here, for the page behind cannot be seen. */
  readonly problem: string;
  readonly children?: ReactNode;
  onConfirm(reason: string): void;
  onClose(): void;
}

/** Asks for one sentence that stays in the history. */
export function ReasonDialog({ opened, title, label, placeholder, confirm, busy, disabled, problem, children, onConfirm, onClose }: Props) {
  const { t } = useTranslation("reading");
  const [reason, setReason] = useState("");
  const [asked, setAsked] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setAsked(true);
    if (reason.trim()) onConfirm(reason.trim());
  };
  return (
    <Modal opened={opened} onClose={onClose} title={title} closeButtonProps={{ "aria-label": t("cancel") }} transitionProps={{ duration: 0 }}>
      <div data-testid="reason-dialog">
        {children}
        <form onSubmit={submit}>
          <label htmlFor="reason-text" style={{ fontWeight: 600 }}>
            {label}
          </label>
          <textarea
            id="reason-text"
            className="room-text"
            rows={3}
            maxLength={2000}
            data-autofocus
            data-testid="reason-text"
            placeholder={placeholder}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          {problem && (
            <div className="room-notice" data-kind="bad" role="alert">
              {problem}
            </div>
          )}
          <p role="status" style={{ minHeight: 20, fontSize: 13, margin: "4px 0 10px" }}>
            {asked && !reason.trim() ? t("reasonNeeded") : ""}
          </p>
          <div style={{ display: "flex", gap: 8, justifyContent: "flex-end" }}>
            <button type="button" className="room-button" onClick={onClose}>
              {t("cancel")}
            </button>
            <button type="submit" className="room-button" data-main data-testid="reason-confirm" disabled={busy || disabled}>
              {confirm}
            </button>
          </div>
        </form>
      </div>
    </Modal>
  );
}
