import { Modal } from "@mantine/core";
import { useTranslation } from "react-i18next";

interface Props {
  readonly opened: boolean;
  /** Found places that stay as they are, and rectangles that are blanked all the same. */
  readonly open: number;
  readonly blanks: number;
  readonly deciding: boolean;
  onConfirm(): void;
  onClose(): void;
}

/** A person's word against the text check: asked for once more, and said what it means. */
export function ConfirmNoWriting({ opened, open, blanks, deciding, onConfirm, onClose }: Props) {
  const { t } = useTranslation("gate");
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={blanks > 0 ? t("redact.restTitle") : t("redact.noWritingTitle")}
      closeButtonProps={{ "aria-label": t("redact.cancel") }}
      transitionProps={{ duration: 0 }}
    >
      <div data-testid="confirm-no-writing">
        {open > 0 && <p>{t("redact.placesStay", { count: open })}</p>}
        <p>{t("redact.yourWord")}</p>
        <div className="redact-buttons">
          <button type="button" className="room-button" data-autofocus onClick={onClose}>
            {t("redact.lookAgain")}
          </button>
          <button type="button" className="room-button" data-danger data-testid="no-writing-confirm" disabled={deciding} onClick={onConfirm}>
            {t("redact.noWritingConfirm")}
          </button>
        </div>
      </div>
    </Modal>
  );
}
