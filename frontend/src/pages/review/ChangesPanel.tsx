import { useTranslation } from "react-i18next";

import type { BoxDifferences } from "../../api/types";
import { DifferenceList } from "../../panels/DifferenceList";
import type { RegionId } from "../../core/regions";
import { personName } from "../../panels/personName";

interface Props {
  readonly differences: BoxDifferences;
  readonly focused: RegionId | null;
  readonly shown: boolean;
  onShow(shown: boolean): void;
  onFocus(region: RegionId | null): void;
}

/** What changed since the version before, which lies faint under this one on the film. */
export function ChangesPanel({ differences, focused, shown, onShow, onFocus }: Props) {
  const { t } = useTranslation("history");
  const { before } = differences;
  return (
    <section className="room-notice" data-kind="info" aria-label={t("difference.title")} data-testid="changes">
      <h2>{t("difference.since", { version: before.version, name: personName(before.author) ?? "" })}</h2>
      <DifferenceList differences={differences} focused={focused} onFocus={onFocus} />
      <label style={{ display: "flex", gap: 6, alignItems: "center", marginTop: 6, minHeight: 32 }}>
        <input type="checkbox" checked={shown} onChange={(event) => onShow(event.currentTarget.checked)} data-testid="show-before" />
        {t("difference.showBefore")}
      </label>
    </section>
  );
}
