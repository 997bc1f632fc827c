import { Tooltip } from "@mantine/core";
import {
  IconAlertTriangle,
  IconArrowDown,
  IconFlag,
  IconMinus,
  IconBan,
  IconCheck,
  IconCircleCheck,
  IconCircleDashed,
  IconCircleX,
  IconClock,
  IconFlask,
  IconHourglass,
  IconInfoCircle,
  IconLoader,
  IconPencil,
  IconRobot,
  IconSend,
  IconShieldHalf,
  IconArrowBackUp,
  IconArchive,
  IconStar,
  IconUsers,
  IconEyeOff,
  IconScale,
} from "@tabler/icons-react";
import type { ComponentType, ReactNode } from "react";
import { useTranslation } from "react-i18next";

import type { Labelling, ModelStatus, Priority, Reading, RunStatus, Severity, StudyState } from "../api/types";

export type Tone = "warn" | "bad" | "good" | "info" | "quiet" | "accent";
type Icon = ComponentType<{ size?: number; stroke?: number; "aria-hidden"?: boolean }>;

/** Icon and word, never colour alone. */
export function Mark({
  tone,
  icon: Icon,
  children,
  plain,
}: {
  tone: Tone;
  icon?: Icon;
  children: ReactNode;
  plain?: boolean;
}) {
  return (
    <span className="mark" data-tone={tone} data-plain={plain || undefined}>
      {Icon && <Icon size={14} stroke={2} aria-hidden />}
      {children}
    </span>
  );
}

export function SyntheticBadge() {
  const { t } = useTranslation();
  return (
    <Tooltip label={t("badge.syntheticWhy")} multiline maw={320}>
      <span className="mark-hint">
        <Mark tone="warn" icon={IconFlask}>
          {t("badge.synthetic")}
        </Mark>
      </span>
    </Tooltip>
  );
}

export function ResearchUseOnly() {
  const { t } = useTranslation();
  return (
    <Tooltip label={t("badge.researchWhy")} multiline maw={320}>
      <span className="mark-hint">
        <Mark tone="bad" icon={IconShieldHalf}>
          {t("badge.research")}
        </Mark>
      </span>
    </Tooltip>
  );
}

export function PreliminaryBadge() {
  const { t } = useTranslation();
  return (
    <Mark tone="warn" icon={IconHourglass}>
      {t("badge.preliminary")}
    </Mark>
  );
}

export function ModelOnlyBadge() {
  const { t } = useTranslation();
  return (
    <Mark tone="info" icon={IconRobot}>
      {t("badge.modelOnly")}
    </Mark>
  );
}

const STUDY: Record<StudyState, [Tone, Icon]> = {
  received: ["info", IconLoader],
  deidentified: ["info", IconLoader],
  ready: ["good", IconCircleCheck],
  excluded: ["warn", IconBan],
  rejected: ["bad", IconCircleX],
};

export function StudyStateBadge({ state }: { state: StudyState }) {
  const { t } = useTranslation();
  const [tone, icon] = STUDY[state];
  return (
    <Mark tone={tone} icon={icon}>
      {t(`studyState.${state}`)}
    </Mark>
  );
}

const LABELLING: Record<Labelling, [Tone, Icon]> = {
  none: ["quiet", IconCircleDashed],
  draft: ["info", IconPencil],
  submitted: ["info", IconSend],
  returned: ["warn", IconArrowBackUp],
  accepted: ["good", IconCheck],
};

export function LabellingMark({ state }: { state: Labelling }) {
  const { t } = useTranslation();
  const [tone, icon] = LABELLING[state];
  return (
    <Mark tone={tone} icon={icon} plain>
      {t(`labelling.${state}`)}
    </Mark>
  );
}

const PRIORITY: Record<Priority, [Tone, Icon]> = {
  urgent: ["bad", IconFlag],
  normal: ["quiet", IconMinus],
  low: ["quiet", IconArrowDown],
};

export function PriorityMark({ priority }: { priority: Priority }) {
  const { t } = useTranslation();
  const [tone, icon] = PRIORITY[priority];
  return (
    <Mark tone={tone} icon={icon} plain>
      {t(`priority.${priority}`)}
    </Mark>
  );
}

const READING: Record<Reading, [Tone, Icon]> = {
  none: ["quiet", IconCircleDashed],
  open: ["info", IconUsers],
  agreed: ["info", IconCheck],
  adjudicating: ["warn", IconScale],
  settled: ["info", IconScale],
  approved: ["good", IconCircleCheck],
  unreadable: ["warn", IconEyeOff],
  no_bone_age: ["quiet", IconBan],
};

export function ReadingMark({ state }: { state: Reading }) {
  const { t } = useTranslation();
  const [tone, icon] = READING[state];
  return (
    <Mark tone={tone} icon={icon} plain>
      {t(`reading.${state}`)}
    </Mark>
  );
}

const RUN: Record<RunStatus, [Tone, Icon]> = {
  queued: ["quiet", IconClock],
  running: ["info", IconLoader],
  succeeded: ["good", IconCircleCheck],
  failed: ["bad", IconCircleX],
  cancelled: ["quiet", IconBan],
};

export function RunStatusBadge({ status }: { status: RunStatus }) {
  const { t } = useTranslation();
  const [tone, icon] = RUN[status];
  return (
    <Mark tone={tone} icon={icon}>
      {t(`runStatus.${status}`)}
    </Mark>
  );
}

const MODEL: Record<ModelStatus, [Tone, Icon]> = {
  candidate: ["info", IconStar],
  active: ["good", IconCircleCheck],
  retired: ["quiet", IconArchive],
};

export function ModelStatusBadge({ status }: { status: ModelStatus }) {
  const { t } = useTranslation();
  const [tone, icon] = MODEL[status];
  return (
    <Mark tone={tone} icon={icon}>
      {t(`modelStatus.${status}`)}
    </Mark>
  );
}

const SEVERITY: Record<Severity, [Tone, Icon]> = {
  info: ["info", IconInfoCircle],
  warning: ["warn", IconAlertTriangle],
  blocking: ["bad", IconCircleX],
};

export function SeverityMark({ severity, children }: { severity: Severity; children: ReactNode }) {
  const [tone, icon] = SEVERITY[severity];
  return (
    <Mark tone={tone} icon={icon}>
      {children}
    </Mark>
  );
}
