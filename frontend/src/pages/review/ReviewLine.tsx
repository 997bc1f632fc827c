import { useTranslation } from "react-i18next";

import { REVIEW_KEYS, type Chord } from "../../core/keymap";
import { regionName, type RegionId } from "../../core/regions";
import { Key } from "../../panels/room/Key";

interface Props {
  readonly focused: RegionId | null;
  readonly message: string;
  readonly can: readonly string[];
  readonly deciding: boolean;
  onComment(): void;
  onAccept(): void;
  onFix(): void;
  onSendBack(): void;
}

const key = (chords: readonly Chord[]) => <Key chord={chords[0] as Chord} />;
const keepFocus = (event: React.MouseEvent) => event.preventDefault();

/** The reviewer's three verdicts, each with its key. */
export function ReviewLine({ focused, message, can, deciding, onComment, onAccept, onFix, onSendBack }: Props) {
  const { t, i18n } = useTranslation("workbench");
  return (
    <footer className="room-footer">
      <strong role="status" data-testid="prompt">
        {focused ? regionName(focused, i18n.language) : t("review.prompt")}
      </strong>
      <button type="button" className="room-hint" disabled={!focused} onMouseDown={keepFocus} onClick={onComment} data-testid="comment">
        {key(REVIEW_KEYS.comment)} {t("actions.comment")}
      </button>
      <span className="room-dim" role="status" data-testid="message">
        {message}
      </span>
      <span className="room-space" />
      {can.includes("return") && (
        <button type="button" className="room-button" data-danger data-testid="send-back" disabled={deciding} onMouseDown={keepFocus} onClick={onSendBack}>
          {t("review.sendBack")} {key(REVIEW_KEYS.sendBack)}
        </button>
      )}
      {can.includes("fix") && (
        <button type="button" className="room-button" data-testid="fix" disabled={deciding} onMouseDown={keepFocus} onClick={onFix}>
          {t("review.fix")} {key(REVIEW_KEYS.fix)}
        </button>
      )}
      {can.includes("accept") && (
        <button type="button" className="room-button" data-main data-testid="accept-set" disabled={deciding} onMouseDown={keepFocus} onClick={onAccept}>
          {t("review.accept")} {key(REVIEW_KEYS.acceptSet)}
        </button>
      )}
    </footer>
  );
}
