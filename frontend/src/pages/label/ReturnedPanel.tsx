import { useTranslation } from "react-i18next";

import type { BoxSet } from "../../api/types";
import { CarriedComments } from "../../panels/room/CarriedComments";
import type { Bench } from "./useBench";

/** What the reviewer said: the reason, and comments that lead to their boxes. */
export function ReturnedPanel({ boxSet, bench }: { readonly boxSet: BoxSet; readonly bench: Bench }) {
  const { t } = useTranslation("workbench");
  if (!boxSet.return_reason && boxSet.comments.length === 0) return null;
  return (
    <div data-testid="returned">
      {boxSet.return_reason && (
        <div className="room-notice" role="note">
          <h3>{t("label.returnedWhy", { reason: boxSet.return_reason })}</h3>
        </div>
      )}
      <CarriedComments boxSet={boxSet.id} comments={boxSet.comments} may={boxSet.can.includes("edit")} onOpen={(region) => bench.desk.callUp(region)} />
    </div>
  );
}
