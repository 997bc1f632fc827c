import { useTranslation } from "react-i18next";

import type { StudyRow } from "../../api/types";

/** Which film this is, without anything that a blinded person must not see. */
export function StudyFacts({ study }: { readonly study: StudyRow }) {
  const { t } = useTranslation("workbench");
  return (
    <span className="room-dim" data-testid="study-facts">
      {study.pseudonym} · {t(`sex.${study.sex ?? "unknown"}`)}
    </span>
  );
}
