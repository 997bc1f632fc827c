import { useTranslation } from "react-i18next";

import type { Consensus } from "../../api/types";
import { useFormat } from "../../i18n/format";

/** What became of the film that was decided last, since the next one has taken its place. */
export function Decided({ consensus }: { readonly consensus: Consensus | null }) {
  const { t } = useTranslation("consensus");
  const { age } = useFormat();
  const name = consensus?.pseudonym ?? "";
  const months = consensus?.bone_age_months ?? null;
  return (
    <p role="status" className="consensus-decided" data-testid="decided" data-status={consensus?.status}>
      {consensus && (months === null ? t("decided.noBoneAge", { name }) : t(consensus.status === "approved" ? "decided.approved" : "decided.settled", { name, age: age(months) }))}
    </p>
  );
}
