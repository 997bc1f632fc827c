import { Anchor, Button, Group, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { IconArrowRight, IconRulerMeasure, IconScale, IconSquareCheck, IconVectorSpline, type TablerIcon } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";

import { NEXT_WORK } from "../../api/nextWork";
import { openBoxSet } from "../../api/studies";
import type { Worklists } from "../../api/types";
import { useFormat } from "../../i18n/format";
import { Card } from "../../panels/Card";
import { useErrorText } from "../../panels/errorText";
import { ItemTable } from "./ItemTable";

export function LabelList({ work }: { work: NonNullable<Worklists["label"]> }) {
  const { t } = useTranslation("work");
  const { count: number } = useFormat();
  const navigate = useNavigate();
  const open = useMutation({ mutationFn: openBoxSet, onSuccess: (boxSet) => void navigate(`/label/${boxSet.id}`) });
  return (
    <Card title={<Heading icon={IconVectorSpline}>{t("label.title")}</Heading>} tools={<Next to="label" />}>
      <ItemTable title={t("label.returned")} items={work.returned} action={(item) => <Open to={`/label/${item.box_set}`}>{t("label.correct")}</Open>} />
      <ItemTable title={t("label.drafts")} items={work.drafts} action={(item) => <Open to={`/label/${item.box_set}`}>{t("label.goOn")}</Open>} />
      <ItemTable
        title={t("label.assigned", { count: work.assigned_count })}
        items={work.assigned}
        action={(item) => (
          <Button size="xs" variant="default" loading={open.isPending && open.variables === item.radiograph} onClick={() => open.mutate(item.radiograph)}>
            {t("label.begin")}
          </Button>
        )}
      />
      <Problem error={open.error} />
      <Text size="sm" c="dimmed" mt="sm">
        {t("label.pool", { count: work.pool, shown: number(work.pool) })}
      </Text>
    </Card>
  );
}

export function ReviewList({ work }: { work: NonNullable<Worklists["review"]> }) {
  const { t } = useTranslation("work");
  const { count: number } = useFormat();
  const open = (item: { box_set: string }) => <Open to={`/review/${item.box_set}`}>{t("review.open")}</Open>;
  return (
    <Card title={<Heading icon={IconSquareCheck}>{t("review.title")}</Heading>} tools={<Next to="review" />}>
      <ItemTable title={t("review.redrawn")} items={work.redrawn} action={open} />
      <ItemTable title={t("review.assigned")} items={work.assigned} action={open} />
      <ItemTable title={t("review.waiting")} items={work.waiting} action={open} />
      <Text size="sm" c="dimmed" mt="sm">
        {t("review.count", { count: work.count, shown: number(work.count) })}
      </Text>
    </Card>
  );
}

/** Numbers alone: which films wait would tell something about them. */
export function ReadList({ work }: { work: NonNullable<Worklists["read"]> }) {
  const { t } = useTranslation("work");
  const { count: number } = useFormat();
  return (
    <Card title={<Heading icon={IconRulerMeasure}>{t("read.title")}</Heading>} tools={<Next to="read" />}>
      <Text size="sm">{t("read.count", { count: work.count, shown: number(work.count) })}</Text>
      {work.begun > 0 && <Text size="sm">{t("read.begun", { count: work.begun })}</Text>}
      <Text size="sm" c="dimmed">
        {t("read.answered", { count: work.answered, shown: number(work.answered) })}
      </Text>
    </Card>
  );
}

export function DecideList({ work }: { work: NonNullable<Worklists["decide"]> }) {
  const { t } = useTranslation("work");
  const { count: number } = useFormat();
  return (
    <Card title={<Heading icon={IconScale}>{t("decide.title")}</Heading>}>
      {work.settle !== undefined && (
        <Line text={t("decide.settle", { count: work.settle, shown: number(work.settle) })} to="/consensus?status=adjudicating" />
      )}
      {work.confirm !== undefined && work.confirm > 0 && (
        <Line text={t("decide.confirm", { count: work.confirm, shown: number(work.confirm) })} to="/consensus?status=unreadable" />
      )}
      {work.approve !== undefined && (
        <Line text={t("decide.approve", { count: work.approve, shown: number(work.approve) })} to="/consensus?status=agreed" />
      )}
    </Card>
  );
}

function Line({ text, to }: { text: string; to: string }) {
  const { t } = useTranslation("work");
  return (
    <Group justify="space-between" py={4}>
      <Text size="sm">{text}</Text>
      <Anchor component={Link} to={to} size="sm" fw={600}>
        {t("decide.open")}
      </Anchor>
    </Group>
  );
}

function Heading({ icon: Icon, children }: { icon: TablerIcon; children: ReactNode }) {
  return (
    <Group gap={8} component="span">
      <Icon size={18} stroke={1.7} aria-hidden />
      {children}
    </Group>
  );
}

function Open({ to, children }: { to: string; children: ReactNode }) {
  return (
    <Button component={Link} to={to} size="xs" variant="default">
      {children}
    </Button>
  );
}

/** One button per queue: whatever comes first there. */
function Next({ to }: { to: keyof typeof NEXT_WORK }) {
  const { t } = useTranslation("work");
  const navigate = useNavigate();
  const client = useQueryClient();
  const go = useMutation({ mutationFn: () => NEXT_WORK[to](client), onSuccess: (path) => path && void navigate(path) });
  return (
    <>
      <Problem error={go.error} />
      {go.data === null && (
        <Text size="sm" role="status">
          {t("nothingLeft")}
        </Text>
      )}
      <Button size="xs" loading={go.isPending} onClick={() => go.mutate()} rightSection={<IconArrowRight size={15} aria-hidden />}>
        {t(`${to}.next`)}
      </Button>
    </>
  );
}

function Problem({ error }: { error: unknown }) {
  const errorText = useErrorText();
  return error ? (
    <Text role="alert" size="sm" c="var(--bad-text)">
      {errorText(error)}
    </Text>
  ) : null;
}
