import { Button, Group, Menu, Text } from "@mantine/core";
import { IconBan, IconChevronDown, IconFlag, IconUserCheck, IconUsersGroup, IconX } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { ApiError } from "../../api/client";
import { useSession } from "../../api/session";
import { useCohorts } from "../../api/snapshots";
import { PRIORITIES, type ManyChanged, type StudyRow } from "../../api/types";
import { useChangeMany, type ManyAction } from "../../api/worklists";
import { AskReason } from "../../panels/AskReason";
import { PriorityMark } from "../../panels/badges";
import { useErrorText } from "../../panels/errorText";
import { AssignDialog } from "./AssignDialog";

/** What can be done with the chosen studies, and what became of it. */
export function BulkBar({ chosen, rows, onClear }: { chosen: readonly string[]; rows: readonly StudyRow[]; onClear: () => void }) {
  const { t } = useTranslation("studies");
  const { has } = useSession();
  const errorText = useErrorText();
  const change = useChangeMany();
  const [asking, setAsking] = useState<"assign" | "exclude" | null>(null);
  const [told, setTold] = useState<ManyChanged | null>(null);
  const run = (action: ManyAction) =>
    change.mutate({ action, studies: chosen }, { onSuccess: (outcome) => (setTold(outcome), setAsking(null)) });
  if (chosen.length === 0 && told === null) return null;

  return (
    <div className="bulk-bar" role="region" aria-label={t("bulk.label")} data-testid="bulk-bar">
      <Group gap={8}>
        <Text size="sm" fw={600} role="status">
          {t("bulk.chosen", { count: chosen.length })}
        </Text>
        <Button size="xs" variant="default" disabled={!chosen.length} leftSection={<IconUserCheck size={15} aria-hidden />} onClick={() => setAsking("assign")}>
          {t("bulk.assign")}
        </Button>
        <PriorityMenu disabled={!chosen.length} onChoose={(priority) => run({ do: "priority", priority })} />
        {(has("researcher") || has("administrator")) && (
          <CohortMenu disabled={!chosen.length} onChoose={(cohort) => run({ do: "cohort", cohort })} />
        )}
        <Button size="xs" variant="default" disabled={!chosen.length} leftSection={<IconBan size={15} aria-hidden />} onClick={() => setAsking("exclude")}>
          {t("bulk.exclude")}
        </Button>
        <Button size="xs" variant="subtle" leftSection={<IconX size={15} aria-hidden />} onClick={() => (onClear(), setTold(null))}>
          {t("bulk.clear")}
        </Button>
      </Group>
      {change.isError && asking === null && (
        <Text role="alert" size="sm" c="var(--bad-text)" mt={6}>
          {errorText(change.error)}
        </Text>
      )}
      {told && <Outcome told={told} rows={rows} />}
      {asking === "assign" && (
        <AssignDialog count={chosen.length} pending={change.isPending} error={change.error} onClose={() => setAsking(null)} onDo={run} />
      )}
      <AskReason
        opened={asking === "exclude"}
        onClose={() => setAsking(null)}
        title={t("bulk.excludeTitle", { count: chosen.length })}
        text={t("bulk.excludeText")}
        confirm={t("bulk.exclude")}
        danger
        pending={change.isPending}
        error={change.error}
        onConfirm={(reason) => run({ do: "exclude", reason })}
      />
    </div>
  );
}

function Outcome({ told, rows }: { told: ManyChanged; rows: readonly StudyRow[] }) {
  const { t } = useTranslation("studies");
  const errorText = useErrorText();
  const name = (id: string) => rows.find((row) => row.id === id)?.pseudonym ?? id;
  return (
    <div role="status" data-testid="bulk-outcome">
      <Text size="sm" mt={6}>
        {t("bulk.changed", { count: told.changed.length })}
      </Text>
      {told.refused.length > 0 && (
        <ul style={{ margin: "4px 0 0", paddingLeft: 18, maxHeight: 120, overflowY: "auto" }}>
          {told.refused.map((each) => (
            <li key={each.id}>
              <Text size="sm" c="var(--warn-text)">
                {name(each.id)}: {errorText(new ApiError(each.code, each.message, 409))}
              </Text>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function PriorityMenu({ disabled, onChoose }: { disabled: boolean; onChoose: (priority: (typeof PRIORITIES)[number]) => void }) {
  const { t } = useTranslation("studies");
  return (
    <Menu shadow="md" transitionProps={{ duration: 0 }}>
      <Menu.Target>
        <Button size="xs" variant="default" disabled={disabled} leftSection={<IconFlag size={15} aria-hidden />} rightSection={<IconChevronDown size={13} aria-hidden />}>
          {t("bulk.priority")}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {PRIORITIES.map((priority) => (
          <Menu.Item key={priority} onClick={() => onChoose(priority)}>
            <PriorityMark priority={priority} />
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function CohortMenu({ disabled, onChoose }: { disabled: boolean; onChoose: (cohort: string | null) => void }) {
  const { t } = useTranslation("studies");
  const cohorts = useCohorts();
  return (
    <Menu shadow="md" transitionProps={{ duration: 0 }}>
      <Menu.Target>
        <Button size="xs" variant="default" disabled={disabled} leftSection={<IconUsersGroup size={15} aria-hidden />} rightSection={<IconChevronDown size={13} aria-hidden />}>
          {t("bulk.cohort")}
        </Button>
      </Menu.Target>
      <Menu.Dropdown mah={320} style={{ overflowY: "auto" }}>
        {(cohorts.data?.results ?? []).map((cohort) => (
          <Menu.Item key={cohort.id} onClick={() => onChoose(cohort.id)}>
            {cohort.name}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item onClick={() => onChoose(null)}>{t("bulk.noCohort")}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
