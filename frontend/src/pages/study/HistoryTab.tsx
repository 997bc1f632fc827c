import { Button, Group, Stack, Text, Timeline } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useTranslation } from "react-i18next";

import { useExclude, useRestore, useStudyEvents } from "../../api/studies";
import type { Study, StudyEvent } from "../../api/types";
import { useFormat } from "../../i18n/format";
import { AskReason } from "../../panels/AskReason";
import { Failure } from "../../panels/Failure";
import { RowsLoading } from "../../panels/Loading";
import { personName } from "../../panels/personName";

export function HistoryTab({ study }: { study: Study }) {
  const events = useStudyEvents(study.id);
  return (
    <Stack gap="lg">
      <Moves study={study} />
      {events.isPending && <RowsLoading rows={5} height={40} />}
      {events.isError && !events.data && <Failure error={events.error} retry={() => void events.refetch()} />}
      {events.data && (
        <Timeline bulletSize={12} lineWidth={2} active={events.data.length}>
          {events.data.map((event, index) => (
            <Timeline.Item key={index} title={<EventTitle event={event} />}>
              <EventLine event={event} study={study} />
            </Timeline.Item>
          ))}
        </Timeline>
      )}
    </Stack>
  );
}

function EventTitle({ event }: { event: StudyEvent }) {
  const { t, i18n } = useTranslation("study");
  const verb = i18n.exists(`study:verb.${event.verb}`) ? t(`verb.${event.verb as KnownVerb}`) : event.verb;
  return (
    <Text size="sm" fw={600} component="span">
      {verb}
    </Text>
  );
}

type KnownVerb = keyof import("../../i18n").Texts["study"]["verb"];

/** A finding's code in words, in the person's language; what a person wrote as it is. */
function useEventReason(event: StudyEvent, study: Study): string | null {
  const { language } = useFormat();
  if (event.verb === "restore") return null;
  const finding = study.radiographs.flatMap(({ quality }) => quality).find(({ code }) => code === event.reason);
  if (finding) return language === "zh-Hans" ? finding.message_zh : finding.message_en;
  return event.reason;
}

function EventLine({ event, study }: { event: StudyEvent; study: Study }) {
  const { t } = useTranslation("study");
  const { dateTime } = useFormat();
  const reason = useEventReason(event, study);
  return (
    <>
      <Text size="xs" c="dimmed">
        {dateTime(event.at)} · {personName(event.who) ?? t("history.machine")}
      </Text>
      {reason && <Text size="sm">{reason}</Text>}
    </>
  );
}

function Moves({ study }: { study: Study }) {
  const { t } = useTranslation("study");
  const [asking, { open, close }] = useDisclosure(false);
  const exclude = useExclude(study.id);
  const restore = useRestore(study.id);
  if (!study.can.includes("exclude") && !study.can.includes("restore")) return null;
  return (
    <Group>
      {study.can.includes("exclude") && (
        <Button size="xs" variant="default" onClick={open}>
          {t("exclude.button")}
        </Button>
      )}
      {study.can.includes("restore") && (
        <Button size="xs" variant="default" loading={restore.isPending} onClick={() => restore.mutate()}>
          {t("restore")}
        </Button>
      )}
      {restore.isError && <Failure error={restore.error} />}
      <AskReason
        opened={asking}
        onClose={close}
        title={t("exclude.title")}
        text={t("exclude.text")}
        confirm={t("exclude.button")}
        danger
        pending={exclude.isPending}
        error={exclude.error}
        onConfirm={(reason) => exclude.mutate(reason, { onSuccess: close })}
      />
    </Group>
  );
}
