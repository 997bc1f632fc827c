import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import { useReasonText } from "../reasonText";
import { useErrorText } from "../errorText";
import { hasReason, type UploadItem } from "./items";

/** What has become of a film, and why, in the person's language. */
export function useUploadWords(): { status(item: UploadItem): string; why(item: UploadItem): string | null } {
  const { t } = useTranslation("upload");
  const errorText = useErrorText();
  const reasonText = useReasonText();
  return useMemo(
    () => ({
      status: (item) => (item.skipped && item.status === "duplicate" ? t("skipped") : t(`status.${item.status}`)),
      why(item) {
        if (!hasReason(item)) return null;
        if (item.reason) return reasonText(item.reason);
        return item.error ? errorText(item.error) : t("blockedWhy");
      },
    }),
    // The texts change with the language only; `t` changes with it.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [t],
  );
}
