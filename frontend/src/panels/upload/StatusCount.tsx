import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleX,
  IconClock,
  IconCopy,
  IconHourglass,
  IconPlayerStop,
  IconTextScan2,
  IconUpload,
  type TablerIcon,
} from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { useFormat } from "../../i18n/format";
import type { UploadStatus } from "./items";

export const STATUS_ICONS: Readonly<Record<UploadStatus, readonly [TablerIcon, string]>> = {
  queued: [IconClock, "var(--mantine-color-dimmed)"],
  sending: [IconUpload, "var(--info-text)"],
  waiting: [IconHourglass, "var(--info-text)"],
  received: [IconCircleCheck, "var(--good-text)"],
  duplicate: [IconCopy, "var(--mantine-color-dimmed)"],
  blocked: [IconTextScan2, "var(--warn-text)"],
  rejected: [IconCircleX, "var(--bad-text)"],
  failed: [IconAlertTriangle, "var(--warn-text)"],
  stopped: [IconPlayerStop, "var(--warn-text)"],
};

/** How many films ended in one way: icon, word and number. */
export function StatusCount({ status, count }: { readonly status: UploadStatus; readonly count: number }) {
  const { t } = useTranslation("upload");
  const { number } = useFormat();
  const [Icon, colour] = STATUS_ICONS[status];
  return (
    <span className="upload-count" data-testid={`upload-count-${status}`}>
      <Icon size={14} color={colour} aria-hidden />
      {t(`status.${status}`)} <b>{number(count)}</b>
    </span>
  );
}
