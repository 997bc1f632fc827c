import { Button, Text } from "@mantine/core";
import { IconArrowRight, IconHourglass, IconShieldLock, IconTextScan2, type TablerIcon } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { useSession } from "../../api/session";
import type { Intake } from "../../api/types";
import { useFormat } from "../../i18n/format";
import { Card } from "../../panels/Card";

/** The gate now: what waits for it, what waits for a person, and what it does with identities. */
export function GateCards({ intake }: { readonly intake: Intake }) {
  const { t } = useTranslation("gate");
  const { number, duration } = useFormat();
  const { has } = useSession();
  const decides = has("reviewer") || has("administrator");
  const { waiting, oldest_waiting_seconds: oldest, blocked, mode } = intake;
  return (
    <div className="intake-cards">
      <GateCard icon={IconHourglass} title={t("intake.waiting")} figure={number(waiting)} testId="gate-waiting">
        {waiting === 0 || oldest === null ? t("intake.nothingWaits") : t("intake.oldest", { time: duration(oldest) })}
      </GateCard>
      <GateCard
        icon={IconTextScan2}
        title={t("intake.blocked")}
        figure={number(blocked)}
        testId="gate-blocked"
        action={
          decides &&
          blocked > 0 && (
            <Button component={Link} to="/blocked" size="sm" rightSection={<IconArrowRight size={16} aria-hidden />}>
              {t("intake.lookAtBlocked")}
            </Button>
          )
        }
      >
        {blocked === 0 ? t("intake.nothingBlocked") : decides ? t("intake.blockedWhy") : t("intake.blockedOthers")}
      </GateCard>
      <GateCard icon={IconShieldLock} title={t("intake.mode")} figure={t(`mode.${mode}`)} testId="gate-mode">
        {t(`modeWhy.${mode}`)}
      </GateCard>
    </div>
  );
}

interface GateCardProps {
  readonly icon: TablerIcon;
  readonly title: string;
  readonly figure: string;
  readonly children: ReactNode;
  readonly action?: ReactNode;
  readonly testId: string;
}

function GateCard({ icon: Icon, title, figure, children, action, testId }: GateCardProps) {
  return (
    <Card
      title={
        <span className="intake-card-title">
          <Icon size={18} stroke={1.7} aria-hidden />
          {title}
        </span>
      }
    >
      <Text fz={32} fw={650} lh={1.15} data-testid={testId}>
        {figure}
      </Text>
      <Text size="sm" c="dimmed" mt={4} mb={action ? "sm" : 0}>
        {children}
      </Text>
      {action}
    </Card>
  );
}
