import { Button, Checkbox, Group, Modal, NumberInput, Select, Stack, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";

import { useCohorts, useCreateSnapshot } from "../../api/snapshots";
import { Failure } from "../../panels/Failure";

/** Freezes what has been accepted and approved; the split is by patient and follows from the seed. */
export function NewSnapshotDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("snapshots");
  const { t: common } = useTranslation();
  const navigate = useNavigate();
  const cohorts = useCohorts();
  const create = useCreateSnapshot();
  const [name, setName] = useState("");
  const [cohort, setCohort] = useState<string | null>(null);
  const [testPercent, setTestPercent] = useState(20);
  const [validationPercent, setValidationPercent] = useState(10);
  const [seed, setSeed] = useState(2018);
  const [locked, setLocked] = useState(false);

  function submit(event: FormEvent) {
    event.preventDefault();
    create.mutate(
      {
        name: name.trim(),
        cohort,
        test_share: testPercent / 100,
        validation_share: validationPercent / 100,
        seed,
        split_kind: "patient",
        test_locked: locked,
      },
      { onSuccess: (run) => void navigate(`/runs/${run.id}`) },
    );
  }

  return (
    <Modal opened onClose={onClose} title={t("dialog.title")} closeButtonProps={{ "aria-label": common("action.close") }}>
      <form onSubmit={submit}>
        <Stack gap="md">
          <TextInput
            data-autofocus
            label={t("dialog.name")}
            description={t("dialog.nameWhy")}
            required
            maxLength={120}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Select
            label={t("dialog.cohort")}
            placeholder={t("dialog.allCohorts")}
            clearable
            data={(cohorts.data?.results ?? []).map(({ id, name: label }) => ({ value: id, label }))}
            value={cohort}
            onChange={setCohort}
          />
          <Group grow align="flex-start">
            <PercentInput label={t("dialog.testShare")} value={testPercent} onChange={setTestPercent} />
            <PercentInput label={t("dialog.validationShare")} value={validationPercent} onChange={setValidationPercent} />
            <NumberInput
              label={t("dialog.seed")}
              min={0}
              allowDecimal={false}
              value={seed}
              onChange={(value) => setSeed(typeof value === "number" ? value : 0)}
            />
          </Group>
          <Checkbox
            label={t("dialog.lock")}
            description={t("dialog.lockWhy")}
            checked={locked}
            onChange={(event) => setLocked(event.currentTarget.checked)}
          />
          {create.isError && <Failure error={create.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {common("action.cancel")}
            </Button>
            <Button type="submit" disabled={!name.trim()} loading={create.isPending}>
              {t("create")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function PercentInput({
  label,
  value,
  onChange,
}: {
  label: string;
  value: number;
  onChange: (value: number) => void;
}) {
  return (
    <NumberInput
      label={label}
      min={0}
      max={60}
      suffix=" %"
      value={value}
      onChange={(next) => onChange(typeof next === "number" ? next : 0)}
    />
  );
}
