import { IconMessage2 } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { markComment } from "../../api/history";
import type { ReviewComment } from "../../api/types";
import { isRegionId, regionName, type RegionId } from "../../core/regions";
import { useErrorText } from "../errorText";
import { personName } from "../personName";

interface Props {
  readonly boxSet: string;
  readonly comments: readonly ReviewComment[];
  /** Whether this person says that a comment is dealt with. */
  readonly may: boolean;
  onOpen(region: RegionId): void;
}

/** Comments of this version and of those before it, carried on until somebody calls them resolved. */
export function CarriedComments({ boxSet, comments, may, onOpen }: Props) {
  const { t } = useTranslation("history");
  const errorText = useErrorText();
  const [marks, setMarks] = useState<Readonly<Record<number, boolean>>>({});
  const mark = useMutation({
    mutationFn: (change: { comment: number; resolved: boolean }) => markComment(boxSet, change.comment, change.resolved),
    onSuccess: (_, { comment, resolved }) => setMarks((before) => ({ ...before, [comment]: resolved })),
  });
  if (comments.length === 0) return null;
  return (
    <section className="room-notice" data-kind="info" aria-label={t("comment.title")} data-testid="carried-comments">
      <h2>{t("comment.title")}</h2>
      {comments.map((comment) => {
        const resolved = marks[comment.id] ?? comment.resolved;
        const region = comment.region && isRegionId(comment.region) ? comment.region : null;
        return (
          <div key={comment.id} style={{ display: "flex", gap: 8, alignItems: "flex-start", marginBottom: 6 }} data-testid={`comment-${comment.id}`} data-resolved={resolved}>
            <IconMessage2 size={14} aria-hidden style={{ flex: "none", marginTop: 3 }} />
            <Words comment={comment} region={region} resolved={resolved} onOpen={onOpen} />
            {may && (
              <button
                type="button"
                className="room-hint"
                aria-pressed={resolved}
                disabled={mark.isPending}
                onClick={() => mark.mutate({ comment: comment.id, resolved: !resolved })}
              >
                {resolved ? t("comment.openAgain") : t("comment.resolve")}
              </button>
            )}
          </div>
        );
      })}
      {mark.isError && <p role="alert">{errorText(mark.error)}</p>}
    </section>
  );
}

function Words({ comment, region, resolved, onOpen }: { comment: ReviewComment; region: RegionId | null; resolved: boolean; onOpen: (region: RegionId) => void }) {
  const { t, i18n } = useTranslation("history");
  return (
    <div style={{ flex: 1 }}>
      {region && (
        <button type="button" className="room-hint" style={{ color: "inherit" }} onClick={() => onOpen(region)}>
          <b>{regionName(region, i18n.language)}</b>
        </button>
      )}{" "}
      <span style={resolved ? { textDecoration: "line-through" } : undefined}>{comment.text}</span>
      <div className="room-dim" style={{ fontSize: 12 }}>
        {t("comment.about", { version: comment.version, name: personName(comment.author) ?? "" })}
        {resolved && ` · ${t("comment.resolved")}`}
      </div>
    </div>
  );
}
