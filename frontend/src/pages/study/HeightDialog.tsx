import { Button, Group, Modal, NumberInput, Radio, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";

import { useStateHeight } from "../../api/results";
import type { StudyResult } from "../../api/types";
import { checkHeight, dayOf, NO_HEIGHT, SHORTEST_CM, TALLEST_CM, type HeightEntry, type HeightProblem } from "../../core/height";
import { useFormat } from "../../i18n/format";
import { useErrorText } from "../../panels/errorText";
import { useMeasured } from "./words";

/** A height and how far from the film it was measured. Nothing is preselected, and dates do not leave the browser. */
export function HeightDialog({ result, opened, onClose }: { result: StudyResult; opened: boolean; onClose: () => void }) {
  const { t } = useTranslation("result");
  const { t: common } = useTranslation();
  const { date } = useFormat();
  const measured = useMeasured();
  const errorText = useErrorText();
  const state = useStateHeight(result.study.id);
  const [entry, setEntry] = useState<HeightEntry>(NO_HEIGHT);
  const [reason, setReason] = useState("");
  const set = (changed: Partial<HeightEntry>) => setEntry((before) => ({ ...before, ...changed }));

  const [newest] = useState(result.heights[0]); // as it was shown when the dialog was opened
  const again = newest !== undefined;
  const received = result.study.received_at;
  const checked = checkHeight(entry, dayOf(new Date()), dayOf(new Date(received)));
  const ready = checked.ready && (!again || reason.trim() !== "");
  const problem = (...which: HeightProblem[]) => {
    const found = which.find((one) => checked.problems.includes(one));
    return found && t(`height.form.problem.${found}`, { day: date(received) });
  };

  function submit(event: FormEvent) {
    event.preventDefault();
    if (!ready) return;
    state.mutate(
      { height_cm: entry.cm, days_from_film: checked.days, based_on: newest?.number ?? null, reason: reason.trim() },
      { onSuccess: onClose },
    );
  }

  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t(again ? "height.form.titleAgain" : "height.form.title")}
      closeButtonProps={{ "aria-label": common("action.close") }}
    >
      <form onSubmit={submit}>
        <Stack gap="md">
          <NumberInput
            data-autofocus
            label={t("height.form.cm")}
            required
            min={SHORTEST_CM}
            max={TALLEST_CM}
            clampBehavior="none"
            decimalScale={1}
            step={0.1}
            hideControls
            value={entry.cm ?? ""}
            onChange={(value) => set({ cm: typeof value === "number" ? value : null })}
            error={problem("cm")}
          />
          <Radio.Group
            label={t("height.form.when")}
            required
            value={entry.sameDay === null ? null : entry.sameDay ? "same" : "other"}
            onChange={(value) => set({ sameDay: value === "same" })}
          >
            <Stack gap={6} mt={6}>
              <Radio value="same" label={t("height.form.sameDay")} />
              <Radio value="other" label={t("height.form.otherDay")} />
            </Stack>
          </Radio.Group>
          {entry.sameDay === false && (
            <>
              <Group gap="sm" align="flex-start" grow>
                <TextInput
                  type="date"
                  label={t("height.form.measuredOn")}
                  required
                  value={entry.measuredOn}
                  onChange={(event) => set({ measuredOn: event.currentTarget.value })}
                  error={problem("future", "far")}
                />
                <TextInput
                  type="date"
                  label={t("height.form.filmOn")}
                  required
                  value={entry.filmOn}
                  onChange={(event) => set({ filmOn: event.currentTarget.value })}
                  error={problem("filmFuture", "filmLater")}
                />
              </Group>
              <Text size="xs" c="dimmed">
                {t("height.form.daysOnly")}{" "}
                {checked.days !== null && checked.problems.length === 0 && t("height.form.days", { when: measured(checked.days) })}
              </Text>
            </>
          )}
          {again && (
            <Textarea
              label={t("height.form.reason")}
              required
              autosize
              minRows={2}
              value={reason}
              onChange={(event) => setReason(event.currentTarget.value)}
            />
          )}
          {state.isError && (
            <Text size="sm" c="var(--bad-text)" role="alert">
              {errorText(state.error)}
            </Text>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {common("action.cancel")}
            </Button>
            <Button type="submit" loading={state.isPending} disabled={!ready}>
              {t("height.form.save")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
