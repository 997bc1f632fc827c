import { Button, Group, Modal, SegmentedControl, Select, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { WORK_KINDS, type Role, type WorkKind } from "../../api/types";
import { usePeopleChoices, type ManyAction } from "../../api/worklists";
import { Failure } from "../../panels/Failure";

const ROLE_FOR: Record<WorkKind, Role> = { label: "labeller", review: "reviewer", read: "reader" };

/** To whom the chosen films are given, for which work; or back to the pool. */
export function AssignDialog({
  count,
  pending,
  error,
  onClose,
  onDo,
}: {
  count: number;
  pending: boolean;
  error: unknown;
  onClose: () => void;
  onDo: (action: ManyAction) => void;
}) {
  const { t } = useTranslation("studies");
  const { t: common } = useTranslation();
  const people = usePeopleChoices();
  const [kind, setKind] = useState<WorkKind>("label");
  const [person, setPerson] = useState<string | null>(null);
  const able = (people.data ?? []).filter(({ roles }) => roles.includes(ROLE_FOR[kind]));
  const nobody = t("assign.nobody", { role: common(`role.${ROLE_FOR[kind]}`) });
  const placeholder = people.isPending ? common("loading") : able.length > 0 || people.isError ? t("assign.choose") : nobody;

  return (
    <Modal opened onClose={onClose} title={t("assign.title", { count })} closeButtonProps={{ "aria-label": common("action.close") }}>
      <Stack gap="md">
        <SegmentedControl
          aria-label={t("assign.kind")}
          data={WORK_KINDS.map((each) => ({ value: each, label: common(`work.${each}`) }))}
          value={kind}
          onChange={(next) => (setKind(next as WorkKind), setPerson(null))}
        />
        <Select
          label={t("assign.person")}
          placeholder={placeholder}
          searchable
          disabled={able.length === 0}
          data={able.map((each) => ({ value: each.id, label: each.display_name || each.username }))}
          value={person}
          onChange={setPerson}
          data-testid="assign-person"
        />
        <Text size="xs" c="dimmed">
          {kind === "read" ? t("assign.readWhy") : t("assign.why")}
        </Text>
        {people.isError && <Failure error={people.error} retry={() => void people.refetch()} />}
        {error ? <Failure error={error} /> : null}
        <Group justify="space-between">
          <Button variant="subtle" loading={pending} onClick={() => onDo({ do: "release", kind })}>
            {t("assign.release")}
          </Button>
          <Group gap="sm">
            <Button variant="default" onClick={onClose}>
              {common("action.cancel")}
            </Button>
            <Button disabled={!person} loading={pending} onClick={() => person && onDo({ do: "assign", kind, person })} data-testid="assign-confirm">
              {t("assign.button")}
            </Button>
          </Group>
        </Group>
      </Stack>
    </Modal>
  );
}
