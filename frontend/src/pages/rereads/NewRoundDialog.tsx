import { Button, Group, Modal, NumberInput, SegmentedControl, Select, Stack, Switch, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useMemo, useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";

import { useRereadPreview, useStartReread, type RereadChoice } from "../../api/rereads";
import { useCohorts } from "../../api/snapshots";
import { Failure } from "../../panels/Failure";
import { RowsLoading } from "../../panels/Loading";

const START_MONTHS = 12;
const START_FILMS = 20;

/** Choose, see how many, start. Which films they are is told to nobody. */
export function NewRoundDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("rereads");
  const cohorts = useCohorts();
  const [cohort, setCohort] = useState("");
  const [way, setWay] = useState<"threshold" | "largest">("threshold");
  const [months, setMonths] = useState(START_MONTHS);
  const [count, setCount] = useState(START_FILMS);
  const [ageSeen, setAgeSeen] = useState(false);
  const start = useStartReread();
  const choice = useMemo(
    (): RereadChoice => ({
      cohort: cohort || null,
      threshold_months: way === "threshold" ? months : null,
      largest: way === "largest" ? count : null,
      age_seen_allowed: ageSeen,
    }),
    [cohort, way, months, count, ageSeen],
  );
  const [asked] = useDebouncedValue(choice, 300);
  const preview = useRereadPreview(asked);
  // What is started is what the preview counts, never a choice that it has not caught up with.
  const ready = asked === choice && preview.data !== undefined && !preview.isError && preview.data.chosen > 0;

  function submit(event: FormEvent) {
    event.preventDefault();
    if (ready) start.mutate(choice, { onSuccess: onClose });
  }

  return (
    <Modal opened onClose={onClose} title={t("newTitle")} size="lg" closeButtonProps={{ "aria-label": t("cancel") }}>
      <form onSubmit={submit} data-testid="new-round-dialog">
        <Stack gap="md">
          <Select
            label={t("cohort")}
            data={[
              { value: "", label: t("allCohorts") },
              ...(cohorts.data?.results ?? []).map((row) => ({ value: row.id, label: row.name })),
            ]}
            value={cohort}
            allowDeselect={false}
            onChange={(value) => setCohort(value ?? "")}
          />
          <div>
            <Text size="sm" fw={500} mb={4}>
              {t("way")}
            </Text>
            <SegmentedControl
              aria-label={t("way")}
              value={way}
              onChange={(value) => setWay(value === "largest" ? "largest" : "threshold")}
              data={[
                { value: "threshold", label: t("byThreshold") },
                { value: "largest", label: t("byLargest") },
              ]}
            />
          </div>
          {way === "threshold" ? (
            <NumberInput
              label={t("threshold")}
              min={1}
              max={240}
              maw={240}
              value={months}
              data-testid="round-threshold"
              onChange={(value) => typeof value === "number" && value >= 1 && setMonths(value)}
            />
          ) : (
            <NumberInput
              label={t("largest")}
              min={1}
              max={1000}
              maw={240}
              allowDecimal={false}
              value={count}
              data-testid="round-largest"
              onChange={(value) => typeof value === "number" && value >= 1 && setCount(value)}
            />
          )}
          <Switch
            label={t("ageSeen")}
            description={t("ageSeenWhy")}
            checked={ageSeen}
            onChange={(event) => setAgeSeen(event.currentTarget.checked)}
          />
          <PreviewBox preview={preview} />
          {start.isError && <Failure error={start.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t("cancel")}
            </Button>
            <Button type="submit" loading={start.isPending} disabled={!ready} data-testid="start-round">
              {t("start")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function PreviewBox({ preview }: { preview: ReturnType<typeof useRereadPreview> }) {
  const { t } = useTranslation("rereads");
  if (preview.isError) return <Failure error={preview.error} />;
  if (!preview.data) return <RowsLoading rows={2} height={22} />;
  const { chosen, controls, population, readers_required, too_few_readers, model } = preview.data;
  return (
    <div className="card" role="status" data-testid="round-preview">
      <Text size="sm" fw={600}>
        {t("preview.title")}
      </Text>
      {chosen === 0 ? (
        <Text size="sm">{t("preview.none")}</Text>
      ) : (
        <Text size="sm">
          {t("preview.chosen", { count: chosen })}, {t("preview.controls", { count: controls })};{" "}
          {t("preview.readers", { count: readers_required })}
        </Text>
      )}
      <Text size="xs" c="dimmed">
        {t("preview.of", { count: population, model: model ?? "–" })}.{" "}
        {too_few_readers > 0 && t("preview.left", { count: too_few_readers })}
      </Text>
    </div>
  );
}
