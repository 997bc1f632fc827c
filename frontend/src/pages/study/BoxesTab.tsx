import { Button, Group, Stack, Switch, Text } from "@mantine/core";
import { useMutation, type UseQueryResult } from "@tanstack/react-query";
import { IconCircleDashed, IconCircleX, IconVectorSpline } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";

import { openBoxSet } from "../../api/studies";
import type { Study, StudyResult } from "../../api/types";
import { REGIONS, regionColour, regionName, type RegionId } from "../../core/regions";
import { useFormat } from "../../i18n/format";
import { LabellingMark, Mark } from "../../panels/badges";
import { Failure } from "../../panels/Failure";
import { RowsLoading } from "../../panels/Loading";
import classes from "./BoxesTab.module.css";
import { EffortTable } from "./EffortTable";
import { SectionTitle } from "./SectionTitle";
import { Versions, type Compared } from "./Versions";

/** What people have drawn, and the seventeen regions as the model sees them. */
export function BoxesTab({
  study,
  result,
  focused,
  onFocus,
  hidden,
  onHide,
  compared,
  onCompare,
}: {
  study: Study;
  result: UseQueryResult<StudyResult>;
  focused: RegionId | null;
  onFocus: (region: RegionId | null) => void;
  hidden: boolean;
  onHide: (hidden: boolean) => void;
  compared: Compared;
  onCompare: (compared: Compared) => void;
}) {
  const { t } = useTranslation("study");
  const prediction = result.data?.prediction;
  return (
    <Stack gap="lg">
      <section>
        <SectionTitle>{t("boxes.people")}</SectionTitle>
        <Group justify="space-between">
          <LabellingMark state={study.labelling} />
          {study.can.includes("label") && study.radiograph && <OpenWorkbench radiograph={study.radiograph} />}
        </Group>
      </section>
      <Versions study={study.id} compared={compared} onCompare={onCompare} focused={focused} onFocus={onFocus} />
      <EffortTable study={study.id} />
      {!study.blinded && (
        <section>
          <Group justify="space-between" mb={4}>
            <SectionTitle>{t("boxes.model")}</SectionTitle>
            <Switch
              size="xs"
              checked={!hidden}
              onChange={(event) => onHide(!event.currentTarget.checked)}
              label={t("boxes.show")}
            />
          </Group>
          {result.isPending && result.fetchStatus !== "idle" && <RowsLoading rows={10} height={22} />}
          {result.isError && <Failure error={result.error} retry={() => void result.refetch()} />}
          {result.data && !prediction && (
            <Text size="sm" c="dimmed">
              {t("boxes.noModel")}
            </Text>
          )}
          {prediction && <Regions prediction={prediction} focused={focused} onFocus={onFocus} />}
        </section>
      )}
    </Stack>
  );
}

function Regions({
  prediction,
  focused,
  onFocus,
}: {
  prediction: NonNullable<StudyResult["prediction"]>;
  focused: RegionId | null;
  onFocus: (region: RegionId | null) => void;
}) {
  const { t } = useTranslation("study");
  const { language, percent } = useFormat();
  return (
    <ul className={classes.list}>
      {REGIONS.map(({ id }) => {
        const box = prediction.boxes.find((candidate) => candidate.region === id);
        return (
          <li key={id}>
            <button
              type="button"
              className={classes.region}
              aria-pressed={focused === id}
              disabled={!box}
              onClick={() => onFocus(focused === id ? null : id)}
            >
              <span className={classes.dot} style={{ background: regionColour(id) }} aria-hidden />
              <span className={classes.name}>{regionName(id, language)}</span>
              {box ? (
                <Mark tone="quiet" icon={IconCircleDashed} plain>
                  {t("boxes.proposed", { score: percent(box.score) })}
                </Mark>
              ) : (
                <Mark tone="warn" icon={IconCircleX} plain>
                  {t("boxes.missing")}
                </Mark>
              )}
            </button>
          </li>
        );
      })}
    </ul>
  );
}

function OpenWorkbench({ radiograph }: { radiograph: string }) {
  const { t } = useTranslation("study");
  const navigate = useNavigate();
  const open = useMutation({
    mutationFn: () => openBoxSet(radiograph),
    onSuccess: (boxSet) => void navigate(`/label/${boxSet.id}`),
  });
  return (
    <>
      <Button
        size="xs"
        loading={open.isPending}
        onClick={() => open.mutate()}
        leftSection={<IconVectorSpline size={16} aria-hidden />}
      >
        {t("boxes.open")}
      </Button>
      {open.isError && <Failure error={open.error} />}
    </>
  );
}
