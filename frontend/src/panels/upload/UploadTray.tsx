import { ActionIcon, Alert, Button, Group, Paper, Progress, Switch, Text, VisuallyHidden } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconChevronDown, IconChevronUp, IconPlugConnectedX, IconX } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";

import { useFormat } from "../../i18n/format";
import { isProblem, UPLOAD_STATUSES, type Pause, type UploadItem, type UploadState, type UploadSummary } from "./items";
import { listCsv, saveText } from "./listCsv";
import { StatusCount } from "./StatusCount";
import { UploadList } from "./UploadList";
import { useUploadQueue, useUploads } from "./UploadContext";
import { useUploadWords } from "./uploadWords";
import "./upload.css";

/** How the films that were handed in are doing, in a corner: counts by outcome, and each film with its reason. */
export function UploadTray() {
  const state = useUploads();
  return state.items.length === 0 ? null : <Tray {...state} />;
}

function Tray({ items, summary, pause }: UploadState) {
  const { t } = useTranslation("upload");
  const { t: common } = useTranslation();
  const queue = useUploadQueue();
  const [open, { toggle }] = useDisclosure(true);
  const [onlyProblems, setOnlyProblems] = useState(false);
  const headline = useHeadline(summary);
  const problems = useMemo(() => items.filter(isProblem), [items]);
  return (
    <Paper component="section" aria-label={t("title")} withBorder shadow="lg" radius="lg" className="upload-tray no-print" data-testid="upload-tray">
      <Group px="md" pt="sm" pb={6} gap="xs" wrap="nowrap">
        <Text fw={600} size="sm" style={{ flex: 1 }}>
          {headline}
        </Text>
        <Announcement summary={summary} pause={pause} headline={headline} />
        <ActionIcon variant="subtle" color="gray" onClick={toggle} aria-expanded={open} aria-label={open ? t("fold") : t("unfold")}>
          {open ? <IconChevronDown size={18} aria-hidden /> : <IconChevronUp size={18} aria-hidden />}
        </ActionIcon>
        {summary.open === 0 && (
          <ActionIcon variant="subtle" color="gray" onClick={() => queue.clear()} aria-label={common("action.close")}>
            <IconX size={18} aria-hidden />
          </ActionIcon>
        )}
      </Group>
      <ul className="upload-counts" aria-label={t("counts")}>
        {UPLOAD_STATUSES.filter((status) => summary.counts[status] > 0).map((status) => (
          <li key={status}>
            <StatusCount status={status} count={summary.counts[status]} />
          </li>
        ))}
      </ul>
      {summary.open > 0 && <Progress value={summary.share * 100} size="xs" radius={0} aria-label={t("title")} />}
      {pause && <PauseLine pause={pause} />}
      {open && (
        <>
          <UploadList items={onlyProblems ? problems : items} emptyText={t("noProblems")} />
          <Group px="md" py="sm" gap="sm" justify="space-between" className="upload-foot">
            <Switch
              size="xs"
              checked={onlyProblems}
              onChange={(event) => setOnlyProblems(event.currentTarget.checked)}
              label={t("onlyProblems", { count: problems.length })}
            />
            <Group gap="xs">
              <SaveList items={items} />
              {summary.open > 0 && (
                <Button size="xs" variant="default" onClick={() => queue.stop()}>
                  {t("stop")}
                </Button>
              )}
              <RetryButton failed={summary.counts.failed + summary.counts.stopped} open={summary.open} />
            </Group>
          </Group>
        </>
      )}
    </Paper>
  );
}

function useHeadline(summary: UploadSummary): string {
  const { t } = useTranslation("upload");
  const { number } = useFormat();
  const { total, open, counts } = summary;
  if (open > 0) return t("sending", { done: number(total - open), total: number(total) });
  if (counts.waiting > 0) return t("waiting", { count: counts.waiting, number: number(counts.waiting) });
  return t("done", { received: number(counts.received), total: number(total) });
}

function RetryButton({ failed, open }: { readonly failed: number; readonly open: number }) {
  const { t } = useTranslation("upload");
  const queue = useUploadQueue();
  if (failed === 0 || open > 0) return null;
  return (
    <Button size="xs" onClick={() => queue.retryFailed()}>
      {t("retry", { count: failed })}
    </Button>
  );
}

/** What is read out: beginnings, tenths and ends, not each of a thousand films. */
function Announcement({ summary, pause, headline }: { readonly summary: UploadSummary; readonly pause: Pause | null; readonly headline: string }) {
  const { t } = useTranslation("upload");
  const step = summary.open > 0 ? Math.floor((10 * (summary.total - summary.open)) / summary.total) : -1;
  const text = pause ? t(`pause.${pause}`) : headline;
  // Spoken anew only when the step or the pause changes, so the words of that moment are kept.
  // eslint-disable-next-line react-hooks/exhaustive-deps
  const spoken = useMemo(() => text, [step, pause, summary.total]);
  return <VisuallyHidden role="status">{spoken}</VisuallyHidden>;
}

function PauseLine({ pause }: { readonly pause: Pause }) {
  const { t } = useTranslation("upload");
  const queue = useUploadQueue();
  return (
    <Alert color="yellow" variant="light" radius={0} px="md" py={8} icon={<IconPlugConnectedX aria-hidden />} data-testid="upload-pause">
      <Group gap="xs" justify="space-between" wrap="nowrap">
        <Text size="sm">{t(`pause.${pause}`)}</Text>
        {pause !== "signed_out" && (
          <Button size="compact-xs" variant="default" onClick={() => queue.retryNow()} style={{ flex: "none" }}>
            {t("tryNow")}
          </Button>
        )}
      </Group>
    </Alert>
  );
}

function SaveList({ items }: { readonly items: readonly UploadItem[] }) {
  const { t } = useTranslation("upload");
  const words = useUploadWords();
  function save() {
    const text = listCsv(items, {
      columns: [t("list.file"), t("list.outcome"), t("list.reason"), t("list.study")],
      outcome: (item) => words.status(item),
      reason: (item) => words.why(item) ?? "",
      study: (item) => (item.study ? `${window.location.origin}/studies/${item.study}` : ""),
    });
    saveText(text, `${t("list.filename")}.csv`, "text/csv;charset=utf-8");
  }
  return (
    <Button size="xs" variant="default" onClick={save}>
      {t("saveList")}
    </Button>
  );
}
