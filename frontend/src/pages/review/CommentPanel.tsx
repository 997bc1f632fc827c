import { IconMessage2 } from "@tabler/icons-react";
import { useEffect, useRef, useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";

import { usePersonKeys } from "../../canvas/usePersonKeys";
import { chordText } from "../../core/keymap";
import { regionName, type RegionId } from "../../core/regions";
import { Key } from "../../panels/room/Key";

export type Comments = Readonly<Partial<Record<RegionId, string>>>;

interface Props {
  readonly comments: Comments;
  readonly writing: RegionId | null;
  onPin(region: RegionId, text: string): void;
  onRemove(region: RegionId): void;
  onOpen(region: RegionId): void;
  onClose(): void;
}

/** Comments pinned to boxes; they go to the labeller with the sending back. */
export function CommentPanel({ comments, writing, onPin, onRemove, onOpen, onClose }: Props) {
  const { t, i18n } = useTranslation("workbench");
  const key = chordText(usePersonKeys().review.comment[0] ?? "");
  const entries = Object.entries(comments) as [RegionId, string][];
  return (
    <section aria-label={t("review.yourComments")} style={{ marginBottom: 10 }} data-testid="comments">
      {writing && <Writing key={writing} region={writing} text={comments[writing] ?? ""} onPin={onPin} onClose={onClose} />}
      {entries.length === 0 && !writing && <p className="room-dim" style={{ margin: "0 0 4px", fontSize: 13 }}>{t("review.noComments", { key })}</p>}
      {entries.map(([region, text]) => (
        <div key={region} className="room-notice" data-kind="info" style={{ display: "flex", gap: 8 }}>
          <button type="button" className="room-hint" style={{ color: "inherit", textAlign: "left", flex: 1, display: "block" }} onClick={() => onOpen(region)}>
            <IconMessage2 size={14} aria-hidden /> <b>{regionName(region, i18n.language)}</b>: {text}
          </button>
          <button type="button" className="room-hint" aria-label={t("review.removeComment", { region: regionName(region, i18n.language) })} onClick={() => onRemove(region)}>
            ✕
          </button>
        </div>
      ))}
    </section>
  );
}

interface WritingProps {
  readonly region: RegionId;
  readonly text: string;
  onPin(region: RegionId, text: string): void;
  onClose(): void;
}

function Writing({ region, text, onPin, onClose }: WritingProps) {
  const { t, i18n } = useTranslation("workbench");
  const [draft, setDraft] = useState(text);
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    field.current?.focus();
  }, []);
  const pin = (event?: FormEvent) => {
    event?.preventDefault();
    if (draft.trim()) onPin(region, draft.trim());
    else onClose();
  };
  return (
    <form onSubmit={pin} className="room-notice" data-kind="info">
      <label htmlFor="comment-text" style={{ fontWeight: 650, display: "block", marginBottom: 6 }}>
        {t("review.commentOn", { region: regionName(region, i18n.language) })}
      </label>
      <textarea
        id="comment-text"
        ref={field}
        className="room-text"
        rows={2}
        maxLength={2000}
        placeholder={t("review.commentPlaceholder")}
        value={draft}
        data-testid="comment-text"
        onChange={(event) => setDraft(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return;
          if (event.key === "Enter" && !event.shiftKey) pin(event);
          if (event.key === "Escape") onClose();
        }}
      />
      <button type="submit" className="room-button" style={{ marginTop: 6 }} data-testid="pin-comment">
        {t("review.addComment")} <Key chord="enter" />
      </button>
    </form>
  );
}
