import { useTranslation } from "react-i18next";

import type { Conflict } from "../../core/queue";
import { contentOf, shownState } from "../../core/regionState";
import { regionName } from "../../core/regions";
import type { Bench } from "./useBench";

/** Two people changed one box: both are shown, one click decides. */
export function ConflictPanel({ bench }: { readonly bench: Bench }) {
  return bench.work.queue.conflicts.map((conflict) => <One key={conflict.region} conflict={conflict} bench={bench} />);
}

function One({ conflict, bench }: { readonly conflict: Conflict; readonly bench: Bench }) {
  const { t, i18n } = useTranslation("workbench");
  const theirs = shownState(contentOf(conflict.theirs), undefined);
  return (
    <div className="room-notice" role="alert" data-testid={`conflict-${conflict.region}`}>
      <h3>{t("conflict.title", { region: regionName(conflict.region, i18n.language) })}</h3>
      <p style={{ margin: "0 0 8px" }}>
        {t("conflict.body")} {t("conflict.theirState", { state: t(`states.${theirs}`) })}
      </p>
      <div style={{ display: "flex", gap: 8 }}>
        <button type="button" className="room-button" onClick={() => bench.session.keepMine(conflict.region)}>
          {t("conflict.mine")}
        </button>
        <button type="button" className="room-button" onClick={() => bench.session.takeTheirs(conflict.region)}>
          {t("conflict.theirs")}
        </button>
      </div>
    </div>
  );
}
