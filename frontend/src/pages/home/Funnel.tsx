import { Group, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import type { FunnelStep, Home } from "../../api/types";
import { useFormat } from "../../i18n/format";
import { Card } from "../../panels/Card";
import classes from "./Funnel.module.css";

const PATH: readonly FunnelStep[] = [
  "received",
  "deidentified",
  "ready",
  "labelled",
  "reviewed",
  "read",
  "settled",
  "approved",
];
const ASIDE: readonly FunnelStep[] = ["excluded", "rejected"];

/** How far the cohort has come: what was received, down to what is truth. */
export function Funnel({ funnel }: { funnel: NonNullable<Home["funnel"]> }) {
  const { t } = useTranslation("home");
  const { number } = useFormat();
  const most = Math.max(1, ...PATH.map((step) => funnel[step] ?? 0));

  return (
    <Card title={t("funnel.title")} intro={t("funnel.intro")}>
      <ol className={classes.funnel}>
        {PATH.map((step) => (
          <li key={step} className={classes.step}>
            <span className={classes.name}>{t(`funnel.${step}`)}</span>
            <span className={classes.track}>
              <span className={classes.bar} style={{ width: `${(100 * (funnel[step] ?? 0)) / most}%` }} />
            </span>
            <span className={classes.count}>{number(funnel[step] ?? 0)}</span>
          </li>
        ))}
      </ol>
      <Group gap="lg" mt="sm">
        <Text size="sm" c="dimmed" component={Link} to="/consensus?status=no_bone_age">
          {t("funnel.no_bone_age")} {number(funnel.no_bone_age)}
        </Text>
        {ASIDE.map((step) => (
          <Text key={step} size="sm" c="dimmed" component={Link} to={`/studies?state=${step}`}>
            {t(`funnel.${step}`)} {number(funnel[step] ?? 0)}
          </Text>
        ))}
      </Group>
    </Card>
  );
}
