import { Text } from "@mantine/core";
import { IconEyeOff } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import type { StudyRow } from "../../api/types";
import { useFormat } from "../../i18n/format";
import { Mark } from "../../panels/badges";

/** The model's age with its interval; or why there is none. */
export function Predicted({ study }: { study: StudyRow }) {
  const { t } = useTranslation("studies");
  const { age, ageInterval } = useFormat();
  if (study.blinded) {
    return (
      <Mark tone="quiet" icon={IconEyeOff} plain>
        {t("blinded")}
      </Mark>
    );
  }
  if (!study.prediction) return <Text size="sm" c="dimmed">{t("noPrediction")}</Text>;
  const { bone_age_months: months, interval_months: interval } = study.prediction;
  if (months === null) return <Text size="sm" c="dimmed">{t("noAge")}</Text>;
  return (
    <>
      <div style={{ whiteSpace: "nowrap", fontWeight: 600 }}>{age(months)}</div>
      {interval && (
        <Text size="xs" c="dimmed" style={{ whiteSpace: "nowrap" }}>
          {ageInterval(interval)}
        </Text>
      )}
    </>
  );
}
