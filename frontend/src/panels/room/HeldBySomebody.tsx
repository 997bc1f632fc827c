import { useTranslation } from "react-i18next";

import type { Hold } from "../../api/types";
import { personName } from "../personName";

/** Somebody else works on this film at the moment. It is told, and nothing is blocked. */
export function HeldBySomebody({ hold }: { readonly hold: Hold | null }) {
  const { t } = useTranslation("workbench");
  if (!hold || hold.mine || !hold.holder) return null;
  return (
    <div className="room-notice" role="status" data-testid="held">
      {t("held", { name: personName(hold.holder) ?? "" })}
    </div>
  );
}
