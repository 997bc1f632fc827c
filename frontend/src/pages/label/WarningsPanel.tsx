import { useTranslation } from "react-i18next";

import type { Warning } from "../../core/warnings";
import type { Bench } from "./useBench";

/** What looks odd about the layout. It never stops anybody. */
export function WarningsPanel({ warnings, bench }: { readonly warnings: readonly Warning[]; readonly bench: Bench }) {
  const { t } = useTranslation("workbench");
  if (warnings.length === 0) return null;
  return (
    <div className="room-notice" role="note" data-testid="warnings">
      <h3>{t("warnings.title")}</h3>
      <ul>
        {warnings.map((warning) => (
          <li key={warning.code + warning.regions.join()}>
            {t(`warnings.${warning.code}`, { regions: bench.names(warning.regions) })}
          </li>
        ))}
      </ul>
      <span style={{ opacity: 0.8 }}>{t("warnings.never")}</span>
    </div>
  );
}
