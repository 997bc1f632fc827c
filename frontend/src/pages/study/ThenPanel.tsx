import { Alert, Button, Group, Radio, Stack, Text } from "@mantine/core";
import { IconHistory } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import type { BoxSetThen, StudyThen } from "../../api/types";
import { isRegionId, regionName } from "../../core/regions";
import { useFormat } from "../../i18n/format";
import { Blinded } from "../../panels/Failure";
import { personName } from "../../panels/personName";
import { SectionTitle } from "./SectionTitle";

/** The study as it was at a moment; the chosen version's boxes lie on the film beside it. */
export function ThenPanel({
  then,
  shown,
  onShow,
  onBack,
}: {
  then: StudyThen;
  shown: string | null;
  onShow: (boxSet: string) => void;
  onBack: () => void;
}) {
  const { t } = useTranslation("history");
  const { t: common } = useTranslation();
  const { dateTimeSeconds } = useFormat();
  return (
    <Stack gap="md" data-testid="study-then">
      <Alert color="yellow" variant="light" icon={<IconHistory aria-hidden />} title={t("at.title", { time: dateTimeSeconds(then.moment) })}>
        <Group justify="space-between">
          <Text size="sm">{then.state ? t("at.state", { state: common(`studyState.${then.state}`) }) : t("at.noState")}</Text>
          <Button size="xs" variant="default" onClick={onBack}>
            {t("at.back")}
          </Button>
        </Group>
      </Alert>
      <section>
        <SectionTitle>{t("at.boxes")}</SectionTitle>
        {then.box_sets.length === 0 && (
          <Text size="sm" c="dimmed">
            {t("at.noBoxes")}
          </Text>
        )}
        <Radio.Group value={shown} onChange={onShow} aria-label={t("at.boxes")}>
          <Stack gap={10}>
            {then.box_sets.map((boxSet) => (
              <Version key={boxSet.id} boxSet={boxSet} />
            ))}
          </Stack>
        </Radio.Group>
      </section>
      <Reading then={then} />
    </Stack>
  );
}

function Version({ boxSet }: { boxSet: BoxSetThen }) {
  const { t } = useTranslation("history");
  const { t: room } = useTranslation("workbench");
  const { language } = useFormat();
  const boxed = boxSet.regions.filter(({ state }) => state === "boxed").length;
  const absent = boxSet.regions.filter(({ state }) => state === "absent").length;
  const about = t("at.version", { version: boxSet.version, name: personName(boxSet.author) ?? "", status: room(`label.status.${boxSet.status}`) });
  return (
    <div>
      <Radio value={boxSet.id} label={about} description={t("at.counts", { boxed, absent, missing: 17 - boxed - absent })} />
      {boxSet.comments.map((comment) => (
        <Text key={comment.id} size="sm" ml={30} td={comment.resolved ? "line-through" : undefined}>
          {comment.region && isRegionId(comment.region) ? `${regionName(comment.region, language)}: ` : ""}
          {comment.text}
          {comment.resolved && ` (${t("comment.resolved")})`}
        </Text>
      ))}
    </div>
  );
}

function Reading({ then }: { then: StudyThen }) {
  const { t } = useTranslation("history");
  const { t: common } = useTranslation();
  const { age, dateTimeSeconds } = useFormat();
  if (then.blinded) return <Blinded />;
  return (
    <section>
      <SectionTitle>{t("at.reading")}</SectionTitle>
      {then.reads.length === 0 && (
        <Text size="sm" c="dimmed">
          {t("at.noReads")}
        </Text>
      )}
      {then.reads.map((read, index) => (
        <Text key={index} size="sm">
          {read.mine ? t("at.mine") : t("at.read", { number: index + 1 })}: {age(read.bone_age_months)}{" "}
          <Text span size="xs" c="dimmed">
            {dateTimeSeconds(read.submitted_at)}
            {read.version > 1 && ` · ${t("at.amended", { version: read.version })}`}
          </Text>
        </Text>
      ))}
      {then.consensus && (
        <Text size="sm" mt={6}>
          {common(`reading.${then.consensus.status}`)}
          {then.consensus.bone_age_months !== null && `: ${age(then.consensus.bone_age_months)}`}
        </Text>
      )}
    </section>
  );
}
