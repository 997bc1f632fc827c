import { Box, Group, Skeleton, Tabs, Text, Title } from "@mantine/core";
import { IconChevronLeft } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate, useParams, useSearchParams } from "react-router";

import { useBoxSetToLookAt } from "../../api/boxSets";
import { useDifferences, useStudyAt } from "../../api/history";
import { isActive } from "../../api/runs";
import { useStudy, useStudyResult } from "../../api/studies";
import type { Study } from "../../api/types";
import type { RegionId } from "../../core/regions";
import { useFormat } from "../../i18n/format";
import { StudyStateBadge, SyntheticBadge } from "../../panels/badges";
import { Failure } from "../../panels/Failure";
import { RowsLoading } from "../../panels/Loading";
import { usePageTitle } from "../../panels/Page";
import { BoxesTab } from "./BoxesTab";
import { FilmPane } from "./FilmPane";
import { HistoryTab } from "./HistoryTab";
import { differenceBoxes, modelBoxes, versionBoxes } from "./filmBoxes";
import { ResultTab } from "./ResultTab";
import { ThenPanel } from "./ThenPanel";
import type { Compared } from "./Versions";

const TABS = ["result", "boxes", "history"] as const;
type Tab = (typeof TABS)[number];

export function Component() {
  const { id = "" } = useParams();
  const study = useStudy(id);
  if (study.data) return <StudyView key={id} study={study.data} />;
  return (
    <div className="study-layout">
      <div className="film-room" />
      <div className="study-side">
        <Box p="lg">
          {study.isError ? (
            <Failure error={study.error} retry={() => void study.refetch()} />
          ) : (
            <>
              <Skeleton height={28} width={200} mb="lg" />
              <RowsLoading rows={6} height={40} />
            </>
          )}
        </Box>
      </div>
    </div>
  );
}

/** Sex, age at the film (not for blind readers), side, cohort: what one has to know before looking. */
function WhoseFilm({ study }: { study: Study }) {
  const { t } = useTranslation("study");
  const { t: common } = useTranslation();
  const { age } = useFormat();
  const facts = [
    common(`sex.${study.sex ?? "unknown"}`),
    study.chronological_age_months === null ? null : age(study.chronological_age_months),
    study.laterality && t(`side.${study.laterality}`),
    study.cohort?.name,
  ];
  return (
    <Text size="sm" mt={2} data-testid="whose-film">
      {facts.filter(Boolean).join(" · ")}
    </Text>
  );
}

function StudyView({ study }: { study: Study }) {
  const { t } = useTranslation("study");
  const { tab: asked } = useParams();
  const navigate = useNavigate();
  usePageTitle(study.pseudonym);
  const tab: Tab = TABS.find((known) => known === asked) ?? "result";
  const [focused, setFocused] = useState<RegionId | null>(null);
  const [hidden, setHidden] = useState(false);
  const result = useStudyResult(study.id, {
    enabled: tab !== "history" && !study.blinded,
    refetchInterval: (query) => (query.state.data?.runs.some((run) => isActive(run.status)) ? 1_500 : false),
  });
  const [compared, setCompared] = useState<Compared>({ after: null, before: null });
  const [parameters, setParameters] = useSearchParams();
  const moment = tab === "history" ? parameters.get("at") : null;
  const then = useStudyAt(study.id, moment);
  const [thenShown, setThenShown] = useState<string | null>(null);
  const boxesThen = then.data?.box_sets ?? [];
  const versionThen = boxesThen.find(({ id }) => id === thenShown) ?? boxesThen[boxesThen.length - 1];
  const version = useBoxSetToLookAt(tab === "boxes" && compared.after && !compared.before ? compared.after : null);
  const differences = useDifferences(tab === "boxes" && compared.before ? compared.after : null, compared.before);
  const boxes = useMemo(() => {
    if (moment) return versionThen ? versionBoxes(versionThen.regions) : [];
    if (tab === "boxes" && compared.before) return differences.data ? differenceBoxes(differences.data) : [];
    if (tab === "boxes" && compared.after) return version.data ? versionBoxes(version.data.regions) : [];
    return hidden ? [] : modelBoxes(result.data?.prediction?.boxes ?? []);
  }, [moment, versionThen, tab, compared, differences.data, version.data, hidden, result.data]);
  const setMoment = (at: string | null) => setParameters(at ? { at } : {}, { replace: true });

  return (
    <div className="study-layout">
      <FilmPane study={study} boxes={boxes} focused={focused} onPick={setFocused} />
      <div className="study-side">
        <Box px="lg" pt="md">
          <Text
            component={Link}
            to="/studies"
            size="sm"
            c="dimmed"
            style={{ display: "inline-flex", alignItems: "center", gap: 2, textDecoration: "none" }}
          >
            <IconChevronLeft size={16} aria-hidden />
            {t("back")}
          </Text>
          <Group gap="sm" mt={4}>
            <Title order={1} fz={20}>
              {study.pseudonym}
            </Title>
            <StudyStateBadge state={study.state} />
          </Group>
          <WhoseFilm study={study} />
          {study.synthetic && (
            <Group mt={6}>
              <SyntheticBadge />
            </Group>
          )}
        </Box>
        <Tabs
          value={tab}
          onChange={(next) => void navigate(`/studies/${study.id}/${next}`, { replace: true })}
          mt="md"
          keepMounted={false}
        >
          <Tabs.List px="sm">
            {TABS.map((name) => (
              <Tabs.Tab key={name} value={name}>
                {t(`tab.${name}`)}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          <Box p="lg">
            <Tabs.Panel value="result">
              <ResultTab study={study} result={result} onFocus={setFocused} />
            </Tabs.Panel>
            <Tabs.Panel value="boxes">
              <BoxesTab
                study={study}
                result={result}
                focused={focused}
                onFocus={setFocused}
                hidden={hidden}
                onHide={setHidden}
                compared={compared}
                onCompare={setCompared}
              />
            </Tabs.Panel>
            <Tabs.Panel value="history">
              {moment && then.data && (
                <Box mb="lg">
                  <ThenPanel then={then.data} shown={versionThen?.id ?? null} onShow={setThenShown} onBack={() => setMoment(null)} />
                </Box>
              )}
              {moment && then.isPending && <RowsLoading rows={4} height={30} />}
              {moment && then.isError && <Failure error={then.error} retry={() => void then.refetch()} />}
              <HistoryTab study={study} moment={moment} onMoment={setMoment} />
            </Tabs.Panel>
          </Box>
        </Tabs>
      </div>
    </div>
  );
}
