import { useTranslation } from "react-i18next";

import { usePersonKeys } from "../../canvas/usePersonKeys";
import { Key } from "../../panels/room/Key";

interface Props {
  readonly open: number;
  readonly blanks: number;
  readonly message: string;
  readonly deciding: boolean;
  onPutAside(): void;
  onRefuse(): void;
  onNoWriting(): void;
  onRelease(): void;
}

const keepFocus = (event: React.MouseEvent) => event.preventDefault();

/** What is left to do on this film, and the decisions about it, each with its key. */
export function RedactLine({ open, blanks, message, deciding, onPutAside, onRefuse, onNoWriting, onRelease }: Props) {
  const { t } = useTranslation("gate");
  const keys = usePersonKeys().redact;
  return (
    <footer className="room-footer">
      <strong role="status" data-testid="prompt">
        {open > 0 ? t("redact.left", { count: open }) : blanks > 0 ? t("redact.readyToRelease", { count: blanks }) : t("redact.lookAndDraw")}
      </strong>
      <span className="redact-message" role="status" data-testid="message">
        {message}
      </span>
      <span className="room-space" />
      <button type="button" className="room-hint" data-testid="put-aside" disabled={deciding} onMouseDown={keepFocus} onClick={onPutAside}>
        <Key chord={keys.nextFilm[0]} /> {t("redact.later")}
      </button>
      <button type="button" className="room-button" data-danger data-testid="refuse" disabled={deciding} onMouseDown={keepFocus} onClick={onRefuse}>
        {t("redact.refuse")} <Key chord={keys.refuse[0]} />
      </button>
      <button type="button" className="room-button" data-testid="no-writing" disabled={deciding} onMouseDown={keepFocus} onClick={onNoWriting}>
        {t("redact.noWriting")} <Key chord={keys.noWriting[0]} />
      </button>
      <button type="button" className="room-button" data-main data-testid="release" disabled={deciding} onMouseDown={keepFocus} onClick={onRelease}>
        {deciding ? t("redact.deciding") : t("redact.release")} <Key chord={keys.release[0]} />
      </button>
    </footer>
  );
}
