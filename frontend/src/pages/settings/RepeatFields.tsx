import { Fieldset, Group, NumberInput, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { Protocol } from "../../api/types";

type Repeats = Pick<Protocol, "repeat_after_days" | "repeat_after_reads" | "repeat_within_days">;

/** How many of a reader's own films come back, and when. */
export function RepeatFields({
  share,
  onShare,
  repeats,
  onRepeats,
  disabled,
  ageInSight,
}: {
  share: number;
  onShare: (share: number) => void;
  repeats: Repeats;
  onRepeats: (repeats: Repeats) => void;
  disabled: boolean;
  ageInSight: boolean;
}) {
  const { t } = useTranslation("settings");
  const fields = [
    ["repeat_after_days", t("protocol.afterDays"), 1, 365, t("protocol.days")],
    ["repeat_after_reads", t("protocol.afterReads"), 0, 10_000, t("protocol.films")],
    ["repeat_within_days", t("protocol.withinDays"), 4, 730, t("protocol.days")],
  ] as const;
  return (
    <Fieldset legend={t("protocol.repeats")} disabled={disabled || ageInSight}>
      <Text size="sm" c="dimmed" mb="sm">
        {t("protocol.repeatsWhy")} {ageInSight && t("protocol.repeatsOff")}
      </Text>
      <Group gap="md" align="flex-end">
        <NumberInput
          label={t("protocol.share")}
          min={0}
          max={100}
          suffix=" %"
          w={150}
          value={ageInSight ? 0 : Math.round(share * 1000) / 10}
          data-testid="repeat-share"
          onChange={(value) => typeof value === "number" && onShare(value / 100)}
        />
        {fields.map(([name, label, min, max, unit]) => (
          <NumberInput
            key={name}
            label={label}
            min={min}
            max={max}
            allowDecimal={false}
            suffix={` ${unit}`}
            w={160}
            value={repeats[name]}
            data-testid={name}
            onChange={(value) => typeof value === "number" && onRepeats({ ...repeats, [name]: value })}
          />
        ))}
      </Group>
    </Fieldset>
  );
}
