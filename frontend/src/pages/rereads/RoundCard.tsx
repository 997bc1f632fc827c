import { Button, Progress, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconCircleCheck, IconHourglass } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { useStopReread } from "../../api/rereads";
import type { RereadGroup, RereadRound } from "../../api/types";
import { useFormat } from "../../i18n/format";
import { AskReason } from "../../panels/AskReason";
import { Mark } from "../../panels/badges";
import { Card } from "../../panels/Card";

/** One round: how far it is, and every error before and after. */
export function RoundCard({ round }: { round: RereadRound }) {
  const { t } = useTranslation("rereads");
  const { date } = useFormat();
  const [stopping, { open, close }] = useDisclosure(false);
  const stop = useStopReread();
  const isOpen = round.status === "open";
  const how =
    round.threshold_months === null
      ? t("about.largest", { count: round.largest ?? 0 })
      : t("about.threshold", { months: round.threshold_months });
  return (
    <Card
      title={
        <>
          {t("round", { number: round.number })}{" "}
          <Mark tone={isOpen ? "info" : "good"} icon={isOpen ? IconHourglass : IconCircleCheck}>
            {isOpen ? t("open") : t("closed")}
          </Mark>
        </>
      }
      intro={
        <>
          {[how, round.cohort ?? t("about.all"), round.age_seen_allowed ? t("about.ageSeen") : null].filter(Boolean).join(" · ")}
          <br />
          {t("about.by", { model: round.model, name: round.started_by.display_name, date: date(round.started_at) })}
        </>
      }
      tools={
        isOpen && (
          <Button size="compact-sm" variant="default" onClick={open} data-testid="stop-round">
            {t("stop")}
          </Button>
        )
      }
    >
      <div data-testid={`round-${round.number}`} data-status={round.status}>
        <Progress value={(100 * (round.weighed + round.unreadable)) / Math.max(1, round.films)} size="sm" aria-label={t("round", { number: round.number })} mb={6} />
        <Text size="sm" role="status">
          {t("progress", { weighed: round.weighed, films: round.films, approved: round.approved })}
          {round.unreadable > 0 && ` · ${t("unreadable", { count: round.unreadable })}`}
          {round.dropped > 0 && ` · ${t("dropped", { count: round.dropped })}`}
        </Text>
        {round.stop_reason && <Text size="sm">{t("stopped", { reason: round.stop_reason })}</Text>}
        {round.hidden_from_you > 0 && (
          <Text size="sm" c="dimmed">
            {t("hidden", { count: round.hidden_from_you })}
          </Text>
        )}
        <Figures groups={round.groups} fewest={round.fewest} />
      </div>
      {stopping && (
        <AskReason
          opened
          danger
          title={t("stopTitle", { number: round.number })}
          text={t("stopText")}
          confirm={t("stopConfirm")}
          pending={stop.isPending}
          error={stop.error}
          onClose={close}
          onConfirm={(reason) => stop.mutate({ id: round.id, reason }, { onSuccess: close })}
        />
      )}
    </Card>
  );
}

function Figures({ groups, fewest }: { groups: readonly RereadGroup[]; fewest: number }) {
  const { t } = useTranslation("rereads");
  return (
    <>
      <div className="table-wrap" style={{ marginTop: 12 }}>
        <table className="table readers-table">
          <thead>
            <tr>
              <th scope="col">{t("figures.group")}</th>
              {(["n", "before", "after", "change", "bias"] as const).map((name) => (
                <th key={name} scope="col" className="number">
                  {t(`figures.${name}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {groups.map((group) => (
              <Row key={group.group} group={group} fewest={fewest} />
            ))}
          </tbody>
        </table>
      </div>
      <Text size="xs" c="dimmed" mt={6}>
        {t("figures.note")}
      </Text>
    </>
  );
}

function Row({ group, fewest }: { group: RereadGroup; fewest: number }) {
  const { t } = useTranslation("rereads");
  const { number, signed } = useFormat();
  const { before, after, change_months, change_interval_months } = group;
  return (
    <tr>
      <th scope="row">{t(`figures.${group.group}`)}</th>
      <td className="number">{number(group.n)}</td>
      {before === null || after === null || change_months === null ? (
        <td colSpan={4} className="few">
          {t("figures.few", { fewest })}
        </td>
      ) : (
        <>
          <Cell value={number(before.mae_months, 1)} interval={before.mae_interval_months?.map((each) => number(each, 1))} />
          <Cell value={number(after.mae_months, 1)} interval={after.mae_interval_months?.map((each) => number(each, 1))} />
          <Cell value={signed(change_months)} interval={change_interval_months?.map((each) => signed(each))} />
          <td className="number">
            {signed(before.bias_months)} → {signed(after.bias_months)}
          </td>
        </>
      )}
    </tr>
  );
}

function Cell({ value, interval }: { value: string; interval: readonly string[] | undefined }) {
  return (
    <td className="number">
      <b>{value}</b>
      {interval && <small className="interval">{interval.join(" – ")}</small>}
    </td>
  );
}
