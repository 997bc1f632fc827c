import { Button, Group, Modal, Radio, SegmentedControl, Select, Stack, Text } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";

import { useModels } from "../../api/models";
import { useStartRun } from "../../api/runs";
import { useCohorts, useSnapshots } from "../../api/snapshots";
import type { BandBy } from "../../api/types";
import { Failure } from "../../panels/Failure";

type PopulationKind = "cohort" | "snapshot";

/** A model on a population: the approved consensus of a cohort, or the test part of a snapshot. */
export function EvaluateDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("evaluate");
  const { t: common } = useTranslation();
  const navigate = useNavigate();
  const models = useModels();
  const cohorts = useCohorts();
  const snapshots = useSnapshots();
  const start = useStartRun();
  const active = models.data?.results.find((model) => model.status === "active")?.id ?? null;
  const [chosen, setModel] = useState<string | null>(null);
  const [kind, setKind] = useState<PopulationKind>("cohort");
  const [cohort, setCohort] = useState<string | null>(null);
  const [snapshot, setSnapshot] = useState<string | null>(null);
  const [bandBy, setBandBy] = useState<BandBy>("bone_age");
  const model = chosen ?? active;
  const ready = model !== null && (kind === "cohort" || snapshot !== null);

  function submit(event: FormEvent) {
    event.preventDefault();
    if (!ready) return;
    start.mutate(
      {
        kind: "evaluate",
        parameters: {
          model,
          cohort: kind === "cohort" ? cohort : null,
          snapshot: kind === "snapshot" ? snapshot : null,
          split: kind === "snapshot" ? "test" : null,
          band_by: bandBy,
        },
      },
      { onSuccess: (run) => void navigate(`/runs/${run.id}`) },
    );
  }

  return (
    <Modal opened onClose={onClose} title={t("dialog.title")} closeButtonProps={{ "aria-label": common("action.close") }}>
      <form onSubmit={submit}>
        <Stack gap="md">
          <Select
            label={t("dialog.model")}
            required
            data={(models.data?.results ?? []).map(({ id, label, status }) => ({
              value: id,
              label: `${label} · ${common(`modelStatus.${status}`)}`,
            }))}
            value={model}
            onChange={setModel}
          />
          <div>
            <Text size="sm" fw={500} mb={4} id="population-label">
              {t("dialog.population")}
            </Text>
            <SegmentedControl
              fullWidth
              aria-labelledby="population-label"
              value={kind}
              onChange={(value) => setKind(value as PopulationKind)}
              data={[
                { value: "cohort", label: t("dialog.cohort") },
                { value: "snapshot", label: t("dialog.snapshot") },
              ]}
            />
          </div>
          {kind === "cohort" ? (
            <Select
              label={t("dialog.whichCohort")}
              description={t("dialog.cohortWhy")}
              placeholder={t("dialog.allCohorts")}
              clearable
              data={(cohorts.data?.results ?? []).map(({ id, name }) => ({ value: id, label: name }))}
              value={cohort}
              onChange={setCohort}
            />
          ) : (
            <Select
              label={t("dialog.whichSnapshot")}
              description={t("dialog.snapshotWhy")}
              required
              data={(snapshots.data?.results ?? []).map(({ id, name }) => ({ value: id, label: name }))}
              value={snapshot}
              onChange={setSnapshot}
            />
          )}
          <Radio.Group label={t("dialog.bandBy")} value={bandBy} onChange={(value) => setBandBy(value as BandBy)}>
            <Stack gap={6} mt={6}>
              <Radio value="bone_age" label={t("bandBy.bone_age")} />
              <Radio value="chronological_age" label={t("bandBy.chronological_age")} />
            </Stack>
          </Radio.Group>
          {start.isError && <Failure error={start.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {common("action.cancel")}
            </Button>
            <Button type="submit" disabled={!ready} loading={start.isPending}>
              {t("start")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
