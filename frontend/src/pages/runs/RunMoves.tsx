import { Button, Menu } from "@mantine/core";
import { IconArrowsLeftRight, IconPlayerPlay, IconPlayerStop } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { isActive, useCancelRun, useResumeRun, useRuns } from "../../api/runs";
import type { Run } from "../../api/types";
import { useFormat } from "../../i18n/format";
import { Failure } from "../../panels/Failure";

/** Takes a run back, takes it up again, or holds a training against another one. A chunk goes with its training. */
export function RunMoves({ run }: { run: Run }) {
  const { t } = useTranslation("runs");
  const cancel = useCancelRun(run.id);
  const resume = useResumeRun(run.id);
  if (run.kind === "features") return null;
  return (
    <>
      {cancel.isError && <Failure error={cancel.error} />}
      {resume.isError && <Failure error={resume.error} />}
      {run.kind === "train" && <CompareMenu run={run} />}
      {(run.status === "failed" || run.status === "cancelled") && (
        <Button
          variant="default"
          loading={resume.isPending}
          leftSection={<IconPlayerPlay size={16} aria-hidden />}
          onClick={() => resume.mutate()}
        >
          {t("resume")}
        </Button>
      )}
      {isActive(run.status) && (
        <Button
          color="red"
          variant="light"
          disabled={run.cancel_requested}
          loading={cancel.isPending}
          leftSection={<IconPlayerStop size={16} aria-hidden />}
          onClick={() => cancel.mutate(false)}
        >
          {run.cancel_requested ? t("cancelling") : t("cancel")}
        </Button>
      )}
    </>
  );
}

function CompareMenu({ run }: { run: Run }) {
  const { t } = useTranslation("runs");
  const { t: common } = useTranslation();
  const { dateTime } = useFormat();
  const runs = useRuns({ kind: "train" });
  const others = (runs.data?.pages.flatMap((page) => page.results) ?? []).filter((other) => other.id !== run.id);
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <Button
          variant="default"
          disabled={others.length === 0}
          leftSection={<IconArrowsLeftRight size={16} aria-hidden />}
        >
          {t("compare.button")}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {others.map((other) => (
          <Menu.Item key={other.id} component={Link} to={`/runs/compare?first=${run.id}&second=${other.id}`}>
            {String(other.parameters["preset"] ?? "")} · {dateTime(other.started_at ?? other.created_at)} ·{" "}
            {common(`runStatus.${other.status}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
