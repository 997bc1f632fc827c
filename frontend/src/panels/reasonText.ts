import type { Reason } from "../api/types";
import { useFormat } from "../i18n/format";

/** A reason in the person's language; reasons come from the server in both. */
export function useReasonText(): (reason: Reason) => string {
  const { language } = useFormat();
  return (reason) => (language === "zh-Hans" ? reason.message_zh : reason.message);
}
