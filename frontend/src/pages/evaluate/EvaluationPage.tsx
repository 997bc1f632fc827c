import { Alert, Box, Group, Tabs } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";

import { useEvaluation } from "../../api/evaluations";
import type { Evaluation } from "../../api/types";
import { Failure } from "../../panels/Failure";
import { CardsLoading } from "../../panels/Loading";
import { Page, usePageTitle } from "../../panels/Page";
import { Agreement } from "./Agreement";
import { useCaseFilter } from "./caseFilter";
import { Cases } from "./Cases";
import { Detector } from "./Detector";
import { FilterBar } from "./FilterBar";
import { Groups } from "./Groups";
import { Headline } from "./Headline";
import { Methods } from "./Methods";
import { Overview } from "./Overview";

const VIEWS = { overview: Overview, agreement: Agreement, groups: Groups, methods: Methods, detector: Detector, cases: Cases };
type View = keyof typeof VIEWS;

export function Component() {
  const { t } = useTranslation("evaluate");
  const { id = "" } = useParams();
  const evaluation = useEvaluation(id);
  if (evaluation.data) return <EvaluationView key={id} evaluation={evaluation.data} />;
  return (
    <Page title={t("one")}>
      {evaluation.isError ? (
        <Failure error={evaluation.error} retry={() => void evaluation.refetch()} />
      ) : (
        <CardsLoading cards={2} height={420} />
      )}
    </Page>
  );
}

function EvaluationView({ evaluation }: { evaluation: Evaluation }) {
  const { t } = useTranslation("evaluate");
  const { query, address, set } = useCaseFilter();
  usePageTitle(`${evaluation.model.label} · ${t("one")}`);
  const views = (Object.keys(VIEWS) as View[]).filter((name) => name !== "detector" || evaluation.has_detector);
  const view = views.find((name) => name === address.get("view")) ?? "overview";
  const Shown = VIEWS[view];
  return (
    <Box px={{ base: "md", sm: 28 }} py={22} maw={1340}>
      <Headline evaluation={evaluation} query={query} />
      <Group mt="md">
        <FilterBar evaluation={evaluation} />
      </Group>
      <Tabs value={view} onChange={(next) => set({ view: next === "overview" ? null : next })} mt="md" keepMounted={false}>
        <Tabs.List mb="lg">
          {views.map((name) => (
            <Tabs.Tab key={name} value={name}>
              {t(`view.${name}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={view}>
          {evaluation.overall || Object.keys(query).length > 0 ? (
            <Shown evaluation={evaluation} query={query} />
          ) : (
            <Alert color="yellow" variant="light">
              {t("nothing")}
            </Alert>
          )}
        </Tabs.Panel>
      </Tabs>
    </Box>
  );
}
