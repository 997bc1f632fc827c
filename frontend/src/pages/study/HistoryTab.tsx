import { Anchor, Button, Group, Stack, Text, Timeline } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useTranslation } from "react-i18next";

import { useExclude, useRestore, useStudyEvents } from "../../api/studies";
import type { Study } from "../../api/types";
import { useFormat } from "../../i18n/format";
import { AskReason } from "../../panels/AskReason";
import { ChainTools } from "../../panels/ChainTools";
import { Failure } from "../../panels/Failure";
import { RowsLoading } from "../../panels/Loading";
import { personName } from "../../panels/personName";
import { useChange, useReason, useVerb } from "./words";

/** Who did what, when and why; each line leads to the study as it was after it. */
export function HistoryTab({ study, moment, onMoment }: { study: Study; moment: string | null; onMoment: (moment: string) => void }) {
  const { t } = useTranslation("history");
  const { dateTimeSeconds } = useFormat();
  const verb = useVerb();
  const change = useChange();
  const reason = useReason();
  const events = useStudyEvents(study.id);
  return (
    <Stack gap="lg">
      <Moves study={study} />
      <ChainTools study={study.id} />
      {events.isPending && <RowsLoading rows={5} height={40} />}
      {events.isError && !events.data && <Failure error={events.error} retry={() => void events.refetch()} />}
      {events.data && (
        <Timeline bulletSize={12} lineWidth={2} active={events.data.length}>
          {events.data.map((event, index) => (
            <Timeline.Item key={index} title={<Text size="sm" fw={600} component="span">{verb(event)}</Text>}>
              <Text size="xs" c="dimmed">
                {dateTimeSeconds(event.at)} · {personName(event.who) ?? t("machine")}
                {event.noun !== "study" && ` · ${t(`noun.${nounOf(event.noun)}`)}`}
              </Text>
              {change(event) && <Text size="sm">{change(event)}</Text>}
              {reason(event, study) && <Text size="sm">{reason(event, study)}</Text>}
              <Anchor
                component="button"
                type="button"
                size="xs"
                aria-pressed={event.at === moment}
                fw={event.at === moment ? 700 : 400}
                onClick={() => onMoment(event.at)}
              >
                {event.at === moment ? t("at.shown") : t("at.show")}
              </Anchor>
            </Timeline.Item>
          ))}
        </Timeline>
      )}
    </Stack>
  );
}

const NOUNS = ["radiograph", "box_set", "read", "consensus", "assignment", "height_measurement"] as const;
const nounOf = (noun: string) => NOUNS.find((known) => known === noun) ?? "other";

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
