import { Button, Group, Text } from "@mantine/core";
import { IconCircleCheck, IconCircleX, IconClock, IconLoader, IconSend } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { ApiError } from "../../api/client";
import { useDeliveries, useRetryDelivery, useSend } from "../../api/results";
import type { Delivery, StudyResult } from "../../api/types";
import { useFormat } from "../../i18n/format";
import { Mark, type Tone } from "../../panels/badges";
import { useErrorText } from "../../panels/errorText";
import { Failure } from "../../panels/Failure";
import { SectionTitle } from "./SectionTitle";
import classes from "./result.module.css";

/** The signed result on its way to the PACS: under whose name, and what became of it. */
export function Sending({ result }: { result: StudyResult }) {
  const { t } = useTranslation("result");
  const { dateTime } = useFormat();
  const deliveries = useDeliveries(result.study.id);
  const send = useSend(result.study.id);
  if (!deliveries.data) return null;
  const { destination, site_mode: mode, can_send: may, gateway_seen_at: seen, deliveries: rows } = deliveries.data;
  if (destination === null && rows.length === 0) return null;
  return (
    <section className="no-print" data-testid="sending">
      <SectionTitle>{t("send.title")}</SectionTitle>
      <Text size="xs" c="dimmed" mb={6}>
        {t(`send.why.${mode}`)}
      </Text>
      <ul className={classes.signatures}>
        {rows.map((row) => (
          <DeliveryLine key={row.id} study={result.study.id} row={row} may={may} />
        ))}
      </ul>
      {destination !== null && may && (
        <Group mt="sm" gap="sm">
          <Button
            size="xs"
            variant="default"
            disabled={!result.signed}
            loading={send.isPending}
            leftSection={<IconSend size={16} aria-hidden />}
            onClick={() => send.mutate()}
          >
            {t("send.button", { destination })}
          </Button>
          {!result.signed && (
            <Text size="xs" c="dimmed">
              {t("send.signFirst")}
            </Text>
          )}
        </Group>
      )}
      {send.isError && <Failure error={send.error} />}
      <Text size="xs" c="dimmed" mt={4}>
        {seen ? t("send.seen", { at: dateTime(seen) }) : t("send.neverSeen")}
      </Text>
    </section>
  );
}

const LOOK: Record<Delivery["state"], [Tone, typeof IconClock]> = {
  queued: ["info", IconClock],
  sending: ["info", IconLoader],
  sent: ["good", IconCircleCheck],
  failed: ["bad", IconCircleX],
};

function DeliveryLine({ study, row, may }: { study: string; row: Delivery; may: boolean }) {
  const { t } = useTranslation("result");
  const { dateTime } = useFormat();
  const errorText = useErrorText();
  const retry = useRetryDelivery(study);
  const [tone, icon] = LOOK[row.state];
  return (
    <li>
      <Group gap="sm">
        <Mark tone={tone} icon={icon}>
          {t(`send.state.${row.state}`)}
        </Mark>
        <Text size="xs" c="dimmed">
          {t("sign.version", { version: row.version })} · {row.destination} · {dateTime(row.finished_at ?? row.requested_at)}
        </Text>
        {row.state === "failed" && may && (
          <Button size="compact-xs" variant="default" loading={retry.isPending} onClick={() => retry.mutate(row.id)}>
            {t("send.retry")}
          </Button>
        )}
      </Group>
      {row.reason_code && <Text size="xs">{errorText(new ApiError(row.reason_code, row.reason ?? "", 409))}</Text>}
      {row.next_attempt_at && (
        <Text size="xs" c="dimmed">
          {t("send.next", { at: dateTime(row.next_attempt_at), attempts: row.attempts })}
        </Text>
      )}
      {retry.isError && <Failure error={retry.error} />}
    </li>
  );
}
