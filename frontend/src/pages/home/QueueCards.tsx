import { Button, Group, Text } from "@mantine/core";
import { useMutation, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { IconArrowRight, IconCheck, IconEye, IconEyeOff, IconRulerMeasure, IconScale, IconSquareCheck, IconTextScan2, IconVectorSpline, type TablerIcon } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";

import { NEXT_WORK } from "../../api/nextWork";
import type { Home } from "../../api/types";
import { useFormat } from "../../i18n/format";
import { Card } from "../../panels/Card";
import { ManualLink } from "../../panels/ManualLink";
import { useErrorText } from "../../panels/errorText";

type Queue = "label" | "review" | "read" | "settle" | "approve" | "confirm" | "blocked";

/** Where the next piece of work of a queue is; null when somebody else has just taken the last. */
const NEXT: Record<Queue, (client: QueryClient) => Promise<string | null>> = {
  ...NEXT_WORK,
  settle: () => Promise.resolve("/consensus?status=adjudicating"),
  approve: () => Promise.resolve("/consensus"),
  confirm: () => Promise.resolve("/consensus?status=unreadable"),
  blocked: () => Promise.resolve("/blocked"),
};

const ICONS: Record<Queue, TablerIcon> = {
  label: IconVectorSpline,
  review: IconSquareCheck,
  read: IconRulerMeasure,
  settle: IconScale,
  approve: IconCheck,
  confirm: IconEyeOff,
  blocked: IconTextScan2,
};
const QUEUES = Object.keys(NEXT) as Queue[];
/** Exceptions: no card says that there are none. */
const ONLY_WHEN_WAITING: readonly Queue[] = ["confirm", "blocked"];

export function QueueCards({ home }: { home: Home }) {
  return QUEUES.map((queue) => {
    const left = home[queue]?.left;
    return left === undefined || (left === 0 && ONLY_WHEN_WAITING.includes(queue)) ? null : <QueueCard key={queue} queue={queue} left={left} />;
  });
}

function QueueCard({ queue, left }: { queue: Queue; left: number }) {
  const { t } = useTranslation("home");
  const { count } = useFormat();
  const errorText = useErrorText();
  const navigate = useNavigate();
  const client = useQueryClient();
  const go = useMutation({
    mutationFn: () => NEXT[queue](client),
    onSuccess: (path) => {
      if (path) void navigate(path);
    },
  });
  const Icon = ICONS[queue] ?? IconEye;
  const nothing = left === 0 || (go.isSuccess && go.data === null);

  return (
    <Card
      title={
        <Group gap={8}>
          <Icon size={18} stroke={1.7} aria-hidden />
          {t(`queue.${queue}.title`)}
        </Group>
      }
      tools={queue === "label" && <ManualLink className="card-link" />}
    >
      <Group align="baseline" gap={8} mt={4}>
        <Text fz={40} fw={650} lh={1.1}>
          {count(left)}
        </Text>
        <Text c="dimmed" size="sm">
          {t("queue.left", { count: left })}
        </Text>
      </Group>
      <Text size="sm" c="dimmed" mt={4} mb="md" mih={63}>
        {nothing ? t("queue.nothing") : t(`queue.${queue}.text`)}
      </Text>
      <Button
        fullWidth
        size="lg"
        loading={go.isPending}
        disabled={left === 0}
        onClick={() => go.mutate()}
        rightSection={<IconArrowRight size={20} aria-hidden />}
      >
        {t(`queue.${queue}.button`)}
      </Button>
      {go.isError && (
        <Text role="alert" size="sm" c="var(--bad-text)" mt="xs">
          {errorText(go.error)}
        </Text>
      )}
    </Card>
  );
}
