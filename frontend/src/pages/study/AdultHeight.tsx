import { Alert, Button, Group, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconCircleCheck, IconHourglass, IconRobot, IconRuler2 } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { useStateHeight } from "../../api/results";
import type { AdultHeight as Prediction, HeightLine, StudyResult } from "../../api/types";
import { useFormat } from "../../i18n/format";
import { AskReason } from "../../panels/AskReason";
import { Mark, PreliminaryBadge, ResearchUseOnly } from "../../panels/badges";
import { Facts } from "../../panels/Facts";
import { personName } from "../../panels/personName";
import { HeightDialog } from "./HeightDialog";
import { SectionTitle } from "./SectionTitle";
import classes from "./result.module.css";
import { useMeasured } from "./words";

/** The adult height that was signed, else the one of the age that stands and the height typed last; and the heights. */
export function AdultHeight({ result }: { result: StudyResult }) {
  const { t } = useTranslation("result");
  const { signed, heights } = result;
  const frozen = signed !== null && !signed.height_changed;
  const said = frozen ? signed.adult_height : result.adult_height;
  const may = result.can.includes("state_height");
  if (!may && said === null && heights.length === 0) return null;
  return (
    <section data-testid="adult-height">
      <SectionTitle>{t("height.title")}</SectionTitle>
      {signed?.height_changed && (
        <Alert color="yellow" variant="light" icon={<IconHourglass aria-hidden />} mb="sm">
          {t("height.changedSinceSigned")}
        </Alert>
      )}
      {said === null ? (
        <Text size="sm" c="dimmed" mb={6}>
          {t(may ? "height.none" : "height.noneYet")}
        </Text>
      ) : (
        <>
          <Group gap={6} mb={6}>
            {frozen ? (
              <Mark tone="good" icon={IconCircleCheck}>
                {t(result.status === "amended" ? "badge.amended" : "badge.signed")}
              </Mark>
            ) : (
              <PreliminaryBadge />
            )}
            {said.model_age && (
              <Mark tone="info" icon={IconRobot}>
                {t("height.fromModel")}
              </Mark>
            )}
            <ResearchUseOnly />
          </Group>
          <Predicted said={said} line={heights.find((one) => one.number === said.height.number)} />
        </>
      )}
      {heights.length > 1 && <Lines lines={heights} />}
      {may && <Change result={result} />}
    </section>
  );
}

function Predicted({ said, line }: { said: Prediction; line: HeightLine | undefined }) {
  const { t } = useTranslation("result");
  const { age, dateTime, language, number } = useFormat();
  const measured = useMeasured();
  const chinese = language === "zh-Hans";
  const covers = said.covers_months;
  return (
    <>
      {said.predicted_cm === null ? (
        <>
          <Text fw={600}>{t("height.noPrediction")}</Text>
          <Text size="sm" mb={6}>
            {said.refusal &&
              t(`height.why.${said.refusal}`, { first: age(covers?.[0] ?? 0), last: age(covers?.[1] ?? 0) })}
          </Text>
        </>
      ) : (
        <>
          <Text fz={24} fw={650} lh={1.2} data-testid="predicted-height">
            {t("height.cm", { cm: number(said.predicted_cm, 1) })}
          </Text>
          <Text size="sm" c="dimmed" mb={6}>
            {said.range_cm
              ? t("height.range", { low: number(said.range_cm[0] ?? 0, 1), high: number(said.range_cm[1] ?? 0, 1) })
              : said.range_refusal && t(`height.rangeNone.${said.range_refusal}`)}
          </Text>
        </>
      )}
      <Facts
        entries={[
          [
            t("height.height"),
            <>
              {`${t("height.cm", { cm: number(said.height.height_cm, 1) })} · ${measured(said.height.days_from_film)}`}
              {line && (
                <Text size="xs" c="dimmed" component="span" display="block">
                  {personName(line.stated_by)} · {dateTime(line.stated_at)}
                </Text>
              )}
            </>,
          ],
          [t("height.boneAge"), t(`basis.${said.basis}`)],
          [t("height.category"), said.category && t(`height.categories.${said.category}`)],
          [t("height.percent"), said.percent === null ? null : `${number(said.percent, 1)} %`],
          [
            t("height.table"),
            <>
              {chinese ? said.table.name_zh : said.table.name_en}
              <Text size="xs" c="dimmed" component="span" display="block">
                {chinese ? said.table.source_zh : said.table.source_en}
              </Text>
            </>,
          ],
        ]}
      />
      {said.age_may_be_higher && said.category && (
        <Text size="sm" c="var(--warn-text)" mt={6}>
          {t("height.ageMayBeHigher")}
        </Text>
      )}
      {said.predicted_cm !== null && (
        <Text size="xs" c="dimmed" mt={6}>
          {t("height.limits")}
        </Text>
      )}
    </>
  );
}

/** Every line ever typed, the newest first; the one that was taken back stays. */
function Lines({ lines }: { lines: readonly HeightLine[] }) {
  const { t } = useTranslation("result");
  const { dateTime, number } = useFormat();
  const measured = useMeasured();
  return (
    <>
      <Text size="sm" fw={600} mt="sm" mb={4}>
        {t("height.lines")}
      </Text>
      <ul className={classes.signatures}>
        {lines.map((line) => (
          <li key={line.number}>
            <Text size="sm">
              {line.height_cm === null || line.days_from_film === null
                ? t("height.takenBack")
                : `${t("height.cm", { cm: number(line.height_cm, 1) })} · ${measured(line.days_from_film)}`}
            </Text>
            <Text size="xs" c="dimmed">
              {personName(line.stated_by)} · {dateTime(line.stated_at)}
            </Text>
            {line.reason && <Text size="xs">{line.reason}</Text>}
          </li>
        ))}
      </ul>
    </>
  );
}

function Change({ result }: { result: StudyResult }) {
  const { t } = useTranslation("result");
  const [typing, { open: type, close: typed }] = useDisclosure(false);
  const [leaving, { open: leave, close: left }] = useDisclosure(false);
  const state = useStateHeight(result.study.id);
  const newest = result.heights[0];
  const stands = newest !== undefined && newest.height_cm !== null;
  return (
    <Group mt="sm" gap="xs" className="no-print">
      <Button size="xs" variant="default" leftSection={<IconRuler2 size={16} aria-hidden />} onClick={type} data-testid="type-height">
        {t(stands ? "height.correct" : "height.type")}
      </Button>
      {stands && (
        <Button size="xs" variant="subtle" onClick={leave}>
          {t("height.takeBack")}
        </Button>
      )}
      {typing && <HeightDialog result={result} opened={typing} onClose={typed} />}
      {leaving && (
        <AskReason
          opened={leaving}
          onClose={left}
          title={t("height.takeBackTitle")}
          text={t("height.takeBackText")}
          confirm={t("height.takeBack")}
          danger
          pending={state.isPending}
          error={state.error}
          onConfirm={(reason) =>
            state.mutate(
              { height_cm: null, days_from_film: null, based_on: newest?.number ?? null, reason },
              { onSuccess: left },
            )
          }
        />
      )}
    </Group>
  );
}
