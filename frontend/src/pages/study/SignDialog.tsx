import { Alert, Button, Checkbox, Group, Modal, NumberInput, Radio, Select, Stack, Text, Textarea } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";

import { useSign } from "../../api/results";
import type { Basis, StudyResult } from "../../api/types";
import { LARGEST_BONE_AGE_MONTHS } from "../../core/boneAge";
import { useFormat } from "../../i18n/format";
import { useErrorText } from "../../panels/errorText";

const CHECK_IDENTITY_SD = 3;

/** Whose age is signed, against which table, and why; nothing is preselected but what stands on the page. */
export function SignDialog({ result, opened, onClose }: { result: StudyResult; opened: boolean; onClose: () => void }) {
  const { t } = useTranslation("result");
  const { t: common } = useTranslation();
  const { age, language, number } = useFormat();
  const errorText = useErrorText();
  const sign = useSign(result.study.id);
  const offered = offers(result);
  const height = result.adult_height?.height;
  const [basis, setBasis] = useState<Basis>(offered[0]?.basis ?? "correction");
  const [years, setYears] = useState<number | string>("");
  const [rest, setRest] = useState<number | string>("");
  const [reference, setReference] = useState(result.signed?.reference ?? result.reference ?? "");
  const [checked, setChecked] = useState(false);
  const [reason, setReason] = useState("");

  const own = typeof years === "number" ? years * 12 + (typeof rest === "number" ? rest : 0) : null;
  const months = basis === "correction" ? own : (offered.find((one) => one.basis === basis)?.months ?? null);
  const far = months !== null && farFromAge(result, months);
  const needsReason = basis === "correction" || result.signed !== null;
  const ready =
    months !== null &&
    months <= LARGEST_BONE_AGE_MONTHS &&
    (!far || checked) &&
    (!needsReason || reason.trim() !== "");

  function submit(event: FormEvent) {
    event.preventDefault();
    if (!ready || months === null) return;
    sign.mutate(
      {
        basis,
        bone_age_months: months,
        reference,
        based_on_version: result.signed?.version ?? null,
        height: height?.number ?? null,
        identity_checked: checked,
        reason: reason.trim(),
      },
      { onSuccess: onClose },
    );
  }

  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t(result.signed ? "sign.titleAgain" : "sign.title")}
      closeButtonProps={{ "aria-label": common("action.close") }}
    >
      <form onSubmit={submit}>
        <Stack gap="md">
          <Radio.Group label={t("sign.whose")} value={basis} onChange={(value) => setBasis(value as Basis)}>
            <Stack gap={6} mt={6}>
              {offered.map((one) => (
                <Radio key={one.basis} value={one.basis} label={`${t(`basis.${one.basis}`)}: ${age(one.months)}`} />
              ))}
              <Radio value="correction" label={t("sign.own")} />
            </Stack>
          </Radio.Group>
          {basis === "correction" && (
            <>
              <Group gap="sm" align="flex-end">
                <NumberInput label={t("sign.years")} min={0} max={20} clampBehavior="strict" allowDecimal={false} value={years} onChange={setYears} w={100} />
                <NumberInput label={t("sign.months")} min={0} max={11} clampBehavior="strict" allowDecimal={false} value={rest} onChange={setRest} w={100} />
              </Group>
              <Text size="xs" c="dimmed">
                {t("sign.ownNote")}
              </Text>
            </>
          )}
          <Select
            label={t("sign.reference")}
            data={result.sds.map((row) => ({ value: row.table, label: language === "zh-Hans" ? row.name_zh : row.name_en }))}
            value={reference}
            allowDeselect={false}
            onChange={(value) => setReference(value ?? reference)}
          />
          {height && (
            <Text size="sm" c="dimmed">
              {t("height.signedWith", { cm: number(height.height_cm, 1) })}
            </Text>
          )}
          {far && (
            <Alert color="red" variant="light" title={t("checkIdentity.title")}>
              <Checkbox checked={checked} onChange={(event) => setChecked(event.currentTarget.checked)} label={t("sign.checked")} />
            </Alert>
          )}
          {needsReason && (
            <Textarea
              label={t(result.signed ? "sign.reasonAgain" : "sign.reason")}
              required
              autosize
              minRows={2}
              value={reason}
              onChange={(event) => setReason(event.currentTarget.value)}
            />
          )}
          {sign.isError && (
            <Text size="sm" c="var(--bad-text)" role="alert">
              {errorText(sign.error)}
            </Text>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {common("action.cancel")}
            </Button>
            <Button type="submit" loading={sign.isPending} disabled={!ready}>
              {t("sign.confirm")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

interface Offer {
  readonly basis: Basis;
  readonly months: number;
}

/** The ages that stand on the page: an approved one first, then the corrected and the model's own. */
export function offers(result: StudyResult): Offer[] {
  const { truth, calibration, prediction } = result;
  const found: [Basis, number | null | undefined][] = [
    ["consensus", truth?.bone_age_months],
    ["calibrated", prediction?.outdated ? null : calibration?.bone_age_months],
    ["model", prediction?.outdated ? null : prediction?.bone_age_months],
  ];
  return found.flatMap(([basis, months]) => (typeof months === "number" ? [{ basis, months }] : []));
}

/** Whether an age lies more than three SD of any table from the child's. */
export function farFromAge(result: StudyResult, months: number): boolean {
  const age = result.chronological_age_months;
  return (
    age !== null &&
    result.sds.some((row) => row.sd_months !== null && Math.abs(months - age) > CHECK_IDENTITY_SD * row.sd_months)
  );
}
