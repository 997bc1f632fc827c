import { useTranslation } from "react-i18next";

import { ApiError } from "../api/client";
import type { Texts } from "../i18n";

type ErrorCode = keyof Texts["errors"];

/** A sentence in the person's language for anything that went wrong; the server's own sentence for a code we lack. */
export function useErrorText(): (error: unknown) => string {
  const { t, i18n } = useTranslation("errors");
  return (error) => {
    if (!(error instanceof ApiError)) return t("unexpected");
    if (i18n.exists(`errors:${error.code}`)) return t(error.code as ErrorCode, { replace: error.details });
    return error.message || t("unexpected");
  };
}
