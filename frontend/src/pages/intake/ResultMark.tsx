import { IconCircleCheck, IconCircleX, IconCopy, IconTextScan2, type TablerIcon } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import type { IntakeResult } from "../../api/types";
import { Mark, type Tone } from "../../panels/badges";

const MARKS: Readonly<Record<IntakeResult, readonly [Tone, TablerIcon]>> = {
  received: ["good", IconCircleCheck],
  duplicate: ["quiet", IconCopy],
  blocked: ["warn", IconTextScan2],
  rejected: ["bad", IconCircleX],
};

/** What the gate said to a film. */
export function ResultMark({ result }: { readonly result: IntakeResult }) {
  const { t } = useTranslation("gate");
  const [tone, icon] = MARKS[result];
  return (
    <Mark tone={tone} icon={icon} plain>
      {t(`result.${result}`)}
    </Mark>
  );
}
