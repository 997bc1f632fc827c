import { IconMessage2 } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import type { BoxSet } from "../../api/types";
import { isRegionId, regionName } from "../../core/regions";
import type { Bench } from "./useBench";

/** What the reviewer said: the reason, and comments that lead to their boxes. */
export function ReturnedPanel({ boxSet, bench }: { readonly boxSet: BoxSet; readonly bench: Bench }) {
  const { t, i18n } = useTranslation("workbench");
  if (!boxSet.return_reason && boxSet.comments.length === 0) return null;
  return (
    <div className="room-notice" role="note" data-testid="returned">
      {boxSet.return_reason && <h3>{t("label.returnedWhy", { reason: boxSet.return_reason })}</h3>}
      {boxSet.comments.map((comment, i) => {
        const region = comment.region && isRegionId(comment.region) ? comment.region : null;
        return (
          <div key={i}>
            {region ? (
              <button type="button" className="room-hint" style={{ color: "inherit" }} onClick={() => bench.desk.callUp(region)}>
                <IconMessage2 size={14} aria-hidden /> <b>{regionName(region, i18n.language)}</b>
              </button>
            ) : (
              <IconMessage2 size={14} aria-hidden />
            )}{" "}
            {comment.text}
          </div>
        );
      })}
    </div>
  );
}
