import { useTranslation } from "react-i18next";

import { usePersonKeys } from "../../canvas/usePersonKeys";
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

const keepFocus = (event: React.MouseEvent) => event.preventDefault();

/** The reviewer's three verdicts, each with its key. */
export function ReviewLine({ focused, message, can, deciding, onComment, onAccept, onFix, onSendBack }: Props) {
  const { t, i18n } = useTranslation("workbench");
  const keys = usePersonKeys().review;
  return (
    <footer className="room-footer">
      <strong role="status" data-testid="prompt">
        {focused ? regionName(focused, i18n.language) : t("review.prompt")}
      </strong>
      <button type="button" className="room-hint" disabled={!focused} onMouseDown={keepFocus} onClick={onComment} data-testid="comment">
        <Key chord={keys.comment[0]} /> {t("actions.comment")}
      </button>
      <span className="room-dim" role="status" data-testid="message">
        {message}
      </span>
      <span className="room-space" />
      {can.includes("return") && (
        <button type="button" className="room-button" data-danger data-testid="send-back" disabled={deciding} onMouseDown={keepFocus} onClick={onSendBack}>
          {t("review.sendBack")} <Key chord={keys.sendBack[0]} />
        </button>
      )}
      {can.includes("fix") && (
        <button type="button" className="room-button" data-testid="fix" disabled={deciding} onMouseDown={keepFocus} onClick={onFix}>
          {t("review.fix")} <Key chord={keys.fix[0]} />
        </button>
      )}
      {can.includes("accept") && (
        <button type="button" className="room-button" data-main data-testid="accept-set" disabled={deciding} onMouseDown={keepFocus} onClick={onAccept}>
          {t("review.accept")} <Key chord={keys.acceptSet[0]} />
        </button>
      )}
    </footer>
  );
}
