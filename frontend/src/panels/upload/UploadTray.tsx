import { ActionIcon, Button, Group, Paper, Progress, ScrollArea, Stack, Text, Tooltip } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import {
  IconAlertTriangle,
  IconChevronDown,
  IconChevronUp,
  IconCircleCheck,
  IconCircleX,
  IconClock,
  IconCopy,
  IconUpload,
  IconX,
  type TablerIcon,
} from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { useFormat } from "../../i18n/format";
import { useErrorText } from "../errorText";
import { summarise, type UploadItem, type UploadStatus } from "./queue";
import { useUploadItems, useUploadQueue } from "./UploadContext";

/** How each film that was handed in is doing, in a corner, with the reason where one was refused. */
export function UploadTray() {
  const { t } = useTranslation();
  const queue = useUploadQueue();
  const items = useUploadItems();
  const [open, { toggle }] = useDisclosure(true);
  if (items.length === 0) return null;
  const summary = summarise(items);

  return (
    <Paper
      component="section"
      aria-label={t("upload.title")}
      withBorder
      shadow="lg"
      radius="lg"
      className="no-print"
      style={{ position: "fixed", right: 20, bottom: 20, width: 400, maxWidth: "calc(100vw - 40px)", zIndex: 250 }}
    >
      <Group px="md" py="sm" gap="xs" wrap="nowrap">
        <Text fw={600} size="sm" style={{ flex: 1 }} role="status">
          {summary.open > 0
            ? t("upload.sending", { done: summary.total - summary.open, total: summary.total })
            : t("upload.done", { received: summary.received, total: summary.total })}
        </Text>
        <ActionIcon
          variant="subtle"
          color="gray"
          onClick={toggle}
          aria-expanded={open}
          aria-label={open ? t("upload.fold") : t("upload.unfold")}
        >
          {open ? <IconChevronDown size={18} aria-hidden /> : <IconChevronUp size={18} aria-hidden />}
        </ActionIcon>
        {summary.open === 0 && (
          <ActionIcon variant="subtle" color="gray" onClick={() => queue.clear()} aria-label={t("action.close")}>
            <IconX size={18} aria-hidden />
          </ActionIcon>
        )}
      </Group>
      {summary.open > 0 && <Progress value={summary.share * 100} size="xs" radius={0} aria-label={t("upload.title")} />}
      {open && (
        <ScrollArea.Autosize mah={320} px="md" py="xs">
          <Stack gap={2} component="ul" m={0} p={0} style={{ listStyle: "none" }}>
            {items.map((item) => (
              <Row key={item.id} item={item} />
            ))}
          </Stack>
        </ScrollArea.Autosize>
      )}
      {(summary.failed > 0 || summary.open > 0) && (
        <Group px="md" py="sm" justify="flex-end">
          {summary.open > 0 && (
            <Button size="xs" variant="default" onClick={() => queue.stop()}>
              {t("upload.stop")}
            </Button>
          )}
          {summary.failed > 0 && summary.open === 0 && (
            <Button size="xs" onClick={() => queue.retryFailed()}>
              {t("upload.retry", { count: summary.failed })}
            </Button>
          )}
        </Group>
      )}
    </Paper>
  );
}

const ICONS: Record<UploadStatus, [TablerIcon, string]> = {
  waiting: [IconClock, "var(--mantine-color-dimmed)"],
  sending: [IconUpload, "var(--info-text)"],
  received: [IconCircleCheck, "var(--good-text)"],
  duplicate: [IconCopy, "var(--mantine-color-dimmed)"],
  rejected: [IconCircleX, "var(--bad-text)"],
  failed: [IconAlertTriangle, "var(--warn-text)"],
  stopped: [IconAlertTriangle, "var(--warn-text)"],
};

function Row({ item }: { item: UploadItem }) {
  const { t } = useTranslation();
  const { language, percent } = useFormat();
  const errorText = useErrorText();
  const [Icon, color] = ICONS[item.status];
  const reason = item.upload?.reason;
  const why = reason
    ? language === "zh-Hans" && reason.message_zh
      ? reason.message_zh
      : reason.message
    : item.error && item.status === "failed"
      ? errorText(item.error)
      : null;
  const state = item.status === "sending" ? percent(item.share) : t(`uploadStatus.${item.status}`);
  return (
    <Group component="li" gap="xs" wrap="nowrap" align="flex-start" py={4}>
      <Icon size={16} color={color} aria-hidden style={{ flex: "none", marginTop: 3 }} />
      <div style={{ flex: 1, minWidth: 0 }}>
        <Tooltip label={item.file.name}>
          <Text size="sm" truncate>
            {item.file.name}
          </Text>
        </Tooltip>
        {why && (
          <Text size="xs" c="var(--bad-text)">
            {why}
          </Text>
        )}
      </div>
      {item.upload?.study ? (
        <Text size="xs" component={Link} to={`/studies/${item.upload.study}`} c="var(--accent-text)">
          {t(`uploadStatus.${item.upload.outcome}`)}
        </Text>
      ) : (
        <Text size="xs" c="dimmed" style={{ whiteSpace: "nowrap" }}>
          {state}
        </Text>
      )}
    </Group>
  );
}
