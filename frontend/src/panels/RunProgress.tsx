import { Group, Progress, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { Run } from "../api/types";
import { useFormat } from "../i18n/format";
import { usePhaseName } from "./phaseName";

/** Stage, share and what is left of a run that waits or works. */
export function RunProgress({ run }: { run: Run }) {
  const { t } = useTranslation();
  const { percent, duration } = useFormat();
  const phaseName = usePhaseName();
  const share = (run.percent ?? 0) / 100;
  const waiting = run.status === "queued";
  return (
    <section aria-label={t(`runKind.${run.kind}`)}>
      <Group justify="space-between" mb={6}>
        <Text size="sm" fw={600} role="status">
          {waiting ? t("run.waiting") : phaseName(run)}
        </Text>
        <Text size="sm" c="dimmed">
          {waiting ? "" : percent(share)}
          {run.eta_seconds !== null && !waiting && ` · ${t("run.left", { time: duration(run.eta_seconds) })}`}
        </Text>
      </Group>
      <Progress
        value={waiting ? 100 : share * 100}
        striped={waiting}
        animated={waiting}
        color={waiting ? "gray" : "teal"}
        aria-label={t("run.progress")}
      />
      {run.note && (
        <Text size="xs" c="dimmed" mt={4}>
          {run.note}
        </Text>
      )}
    </section>
  );
}
