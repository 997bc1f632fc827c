import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import { useReasonText } from "../reasonText";
import { useErrorText } from "../errorText";
import type { UploadItem } from "./items";

/** What has become of a film, and why, in the person's language. */
export function useUploadWords(): { status(item: UploadItem): string; why(item: UploadItem): string | null } {
  const { t } = useTranslation("upload");
  const errorText = useErrorText();
  const reasonText = useReasonText();
  return useMemo(
    () => ({
      status: (item) => (item.skipped && item.status === "duplicate" ? t("skipped") : t(`status.${item.status}`)),
      why(item) {
        if (item.reason) return reasonText(item.reason);
        if (item.status === "blocked") return t("blockedWhy");
        return item.error && (item.status === "failed" || item.status === "rejected") ? errorText(item.error) : null;
      },
    }),
    // The texts change with the language only; `t` changes with it.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [t],
  );
}
