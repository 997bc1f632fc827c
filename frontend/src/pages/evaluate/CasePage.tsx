import { Box, Button, Code, Group, Stack, Text, Title } from "@mantine/core";
import { IconChevronLeft, IconChevronRight, IconPhotoOff } from "@tabler/icons-react";
import { useRef, type RefObject } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate, useParams } from "react-router";

import { useCase } from "../../api/evaluations";
import type { EvaluationCaseDetail } from "../../api/types";
import { usePersonKeys } from "../../canvas/usePersonKeys";
import { actionOf, chordText } from "../../core/keymap";
import { useFormat } from "../../i18n/format";
import { ResearchUseOnly, SyntheticBadge } from "../../panels/badges";
import { Empty } from "../../panels/Empty";
import { Failure } from "../../panels/Failure";
import { RowsLoading } from "../../panels/Loading";
import { usePageTitle } from "../../panels/Page";
import { Key } from "../../panels/room/Key";
import { useRoomKeys } from "../../panels/room/useRoomKeys";
import { CaseFilm } from "./CaseFilm";
import { FactTable } from "./FactTable";
import { backPath, caseOrderOf, casePath, useCaseFilter } from "./caseFilter";
import { IMPORT_COMMAND } from "./Cases";
import { PictureFacts } from "./PictureFacts";
import { useWord } from "./words";

/** What one number of an evaluation rests on: film or picture, the model's and people's boxes, reads, consensus, weights;
 * and the way to the next one, in the order of the list that one came from. */
export function Component() {
  const { t } = useTranslation("evaluate");
  const { id = "", row = "" } = useParams();
  const { address } = useCaseFilter();
  const navigate = useNavigate();
  const surface = useRef<HTMLDivElement>(null);
  const keys = usePersonKeys().label;
  const found = useCase(id, row, caseOrderOf(address));
  const one = found.data;
  usePageTitle(t("case.title"));

  const go = (to: number | null | undefined) => {
    if (to !== null && to !== undefined) void navigate(casePath(id, to, address), { replace: true });
  };
  useRoomKeys(
    {
      down: (chord, repeated) => {
        const action = actionOf(keys, chord);
        if (action !== "previousStudy" && action !== "nextStudy") return false;
        if (!repeated) go(action === "nextStudy" ? one?.neighbours.next : one?.neighbours.previous);
        return true;
      },
    },
    surface,
  );

  return (
    <div className="study-layout">
      <div className="film-room" data-mantine-color-scheme="dark">
        {one && <Picture one={one} surface={surface} />}
      </div>
      <div className="study-side">
        <Box p="lg">
          <Text
            component={Link}
            to={backPath(id, row, address)}
            size="sm"
            c="dimmed"
            style={{ display: "inline-flex", alignItems: "center", gap: 2, textDecoration: "none" }}
            data-testid="case-back"
          >
            <IconChevronLeft size={16} aria-hidden />
            {t(`case.backTo.${backTo(address.get("view"))}`)}
          </Text>
          {one && <Neighbours one={one} onGo={go} />}
          {found.isPending && <RowsLoading rows={8} height={36} />}
          {found.isError && !one && <Failure error={found.error} retry={() => void found.refetch()} />}
          {one && <Facts one={one} />}
        </Box>
      </div>
    </div>
  );
}

const backTo = (view: string | null) => (view === "cases" ? "list" : "evaluation");

/** Before and after in the order of the list; by keyboard as from film to film in the labelling room. */
function Neighbours({ one, onGo }: { one: EvaluationCaseDetail; onGo: (row: number | null) => void }) {
  const { t } = useTranslation("evaluate");
  const { number } = useFormat();
  const keys = usePersonKeys().label;
  const { place, total, previous, next } = one.neighbours;
  const ways = [
    { name: t("case.previous"), to: previous, chord: keys.previousStudy[0], testId: "case-previous", Icon: IconChevronLeft },
    { name: t("case.next"), to: next, chord: keys.nextStudy[0], testId: "case-next", Icon: IconChevronRight },
  ];
  return (
    <Group gap="xs" mt="sm" role="group" aria-label={t("case.neighbours")}>
      {ways.map(({ name, to, chord, testId, Icon }) => (
        <Button
          key={testId}
          size="xs"
          variant="default"
          leftSection={<Icon size={14} aria-hidden />}
          rightSection={<Key chord={chord} />}
          aria-keyshortcuts={chord && chordText(chord)}
          disabled={to === null}
          data-testid={testId}
          onClick={() => onGo(to)}
        >
          {name}
        </Button>
      ))}
      <Text size="xs" c="dimmed" data-testid="case-place">
        {place === null ? t("case.outside") : t("case.place", { place: number(place), total: number(total) })}
      </Text>
    </Group>
  );
}

function Picture({ one, surface }: { one: EvaluationCaseDetail; surface: RefObject<HTMLDivElement | null> }) {
  const { t } = useTranslation("evaluate");
  if (one.radiograph || one.picture) return <CaseFilm one={one} surface={surface} />;
  return (
    <Empty
      icon={IconPhotoOff}
      title={t("case.elsewhere")}
      text={t("case.elsewhereText", { film: one.film })}
      action={<Code>{IMPORT_COMMAND}</Code>}
    />
  );
}

function Facts({ one }: { one: EvaluationCaseDetail }) {
  const { t } = useTranslation("evaluate");
  const { t: common } = useTranslation();
  const { age, ageDifference, ageInterval, number } = useFormat();
  const word = useWord();
  const [ofModel, ofPeople] = [number(one.boxes.length), number(one.labelled.length)];
  const ofFilm = one.study ? t("case.boxCount", { model: ofModel, people: ofPeople }) : null;
  const boxes = one.picture ? t("case.boxCountImported", { people: ofPeople }) : ofFilm;
  const lines: [string, string][] = [
    [t("case.truthColumn"), age(one.truth_months)],
    [t("case.modelColumn"), one.predicted_months === null ? word(one.refusal) : age(one.predicted_months)],
    ...(one.interval_months ? ([[t("case.interval"), ageInterval(one.interval_months)]] as [string, string][]) : []),
    [t("case.chronological"), one.chronological_age_months === null ? "–" : age(one.chronological_age_months)],
    [t("case.sex"), common(`sex.${one.sex}`)],
    ...([one.rejected, one.quality].filter(Boolean).map((code) => [t("case.notes"), word(code)]) as [string, string][]),
    ...(boxes ? ([[t("case.boxes"), boxes]] as [string, string][]) : []),
  ];
  const weights = Object.entries(one.model.files).filter(([name]) => /weights|booster/.test(name));
  return (
    <Stack gap="md" mt="xs">
      <Title order={1} fz={22} data-testid="case-difference">
        {one.difference_months === null ? t("case.refused") : ageDifference(one.difference_months)}
      </Title>
      <Group gap="xs">
        <ResearchUseOnly />
        {one.synthetic && <SyntheticBadge />}
      </Group>
      {one.study && (
        <Link to={`/studies/${one.study}/result`} data-testid="case-study">
          {one.pseudonym}
        </Link>
      )}
      <FactTable caption={t("case.numbers")} lines={lines} testId="case-numbers" />
      {one.picture && <PictureFacts picture={one.picture} film={one.film} />}
      {one.reads.length > 0 && (
        <FactTable
          caption={t("case.reads")}
          lines={one.reads.map((read) => [
            `${t("case.read", { label: read.label })} · ${word(read.round)}`,
            age(read.bone_age_months),
          ])}
        />
      )}
      {one.consensus && (
        <FactTable
          caption={t("case.consensus")}
          lines={[
            [word(one.consensus.origin), age(one.consensus.bone_age_months)],
            ...(one.consensus.read_again ? [[t("case.standing"), t("case.readAgain")] as const] : []),
          ]}
        />
      )}
      <FactTable
        caption={t("case.model")}
        lines={[
          [t("case.label"), one.model.label],
          [t("case.hash"), one.model.hash],
          ...weights.map(([name, digest]): [string, string] => [name, digest]),
        ]}
        testId="case-model"
      />
      <Link to={`/models/${one.model.id}`}>{t("case.openModel")}</Link>
    </Stack>
  );
}
