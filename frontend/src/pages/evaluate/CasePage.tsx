import { Box, Group, Stack, Text, Title } from "@mantine/core";
import { IconChevronLeft, IconPhotoOff } from "@tabler/icons-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";

import { useCase } from "../../api/evaluations";
import type { EvaluationCaseDetail, Study } from "../../api/types";
import { FilmView } from "../../canvas/FilmView";
import type { FilmBox } from "../../canvas/types";
import { isRegionId } from "../../core/regions";
import { useFormat } from "../../i18n/format";
import { ResearchUseOnly, SyntheticBadge } from "../../panels/badges";
import { Empty } from "../../panels/Empty";
import { Failure } from "../../panels/Failure";
import { RowsLoading } from "../../panels/Loading";
import { usePageTitle } from "../../panels/Page";
import { useCaseFilter } from "./caseFilter";
import { useWord } from "./words";

/** What one number of an evaluation rests on: film, the model's and people's boxes, reads, consensus, weights. */
export function Component() {
  const { t } = useTranslation("evaluate");
  const { id = "", row = "" } = useParams();
  const { query, text } = useCaseFilter();
  const found = useCase(id, row, query);
  usePageTitle(t("case.title"));
  return (
    <div className="study-layout">
      <div className="film-room" data-mantine-color-scheme="dark">
        {found.data && <Film one={found.data} />}
      </div>
      <div className="study-side">
        <Box p="lg">
          <Text
            component={Link}
            to={`/evaluate/${id}?${text}`}
            size="sm"
            c="dimmed"
            style={{ display: "inline-flex", alignItems: "center", gap: 2, textDecoration: "none" }}
          >
            <IconChevronLeft size={16} aria-hidden />
            {t("case.back")}
          </Text>
          {found.isPending && <RowsLoading rows={8} height={36} />}
          {found.isError && !found.data && <Failure error={found.error} retry={() => void found.refetch()} />}
          {found.data && <Facts one={found.data} />}
        </Box>
      </div>
    </div>
  );
}

function Film({ one }: { one: EvaluationCaseDetail }) {
  const { t } = useTranslation("evaluate");
  const boxes = useMemo(() => filmBoxes(one), [one]);
  const film = one.radiograph as FilmOfCase | null;
  if (!film) return <Empty icon={IconPhotoOff} title={t("case.elsewhere")} text={t("case.elsewhereText", { film: one.film })} />;
  return (
    <FilmView
      pixelsUrl={film.pixels_url}
      rows={film.rows}
      columns={film.columns}
      window={film.window}
      windows={film.windows}
      view={film.view}
      label={t("case.filmOf", { pseudonym: one.pseudonym ?? "" })}
      boxes={boxes}
      pixelSpacingMm={film.pixel_spacing_mm}
      readOnly
    />
  );
}

type FilmOfCase = Study["radiographs"][number];

/** The model's boxes dashed, people's faint beneath them. */
function filmBoxes({ boxes, labelled }: EvaluationCaseDetail): FilmBox[] {
  const drawn = (list: EvaluationCaseDetail["boxes"], look: FilmBox["look"]) =>
    list.flatMap(({ region, score: _, ...box }) => (isRegionId(region) ? [{ region, box, look }] : []));
  return [...drawn(boxes, "proposed"), ...drawn(labelled, "faint").filter(({ region }) => !boxes.some((box) => box.region === region))];
}

function Facts({ one }: { one: EvaluationCaseDetail }) {
  const { t } = useTranslation("evaluate");
  const { t: common } = useTranslation();
  const { age, ageDifference, ageInterval, number } = useFormat();
  const word = useWord();
  const lines: [string, string][] = [
    [t("case.truthColumn"), age(one.truth_months)],
    [t("case.modelColumn"), one.predicted_months === null ? word(one.refusal) : age(one.predicted_months)],
    ...(one.interval_months ? ([[t("case.interval"), ageInterval(one.interval_months)]] as [string, string][]) : []),
    [t("case.chronological"), one.chronological_age_months === null ? "–" : age(one.chronological_age_months)],
    [t("case.sex"), common(`sex.${one.sex}`)],
    ...([one.rejected, one.quality].filter(Boolean).map((code) => [t("case.notes"), word(code)]) as [string, string][]),
    [t("case.boxes"), t("case.boxCount", { model: number(one.boxes.length), people: number(one.labelled.length) })],
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
      <FactTable caption={t("case.numbers")} lines={lines} />
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

function FactTable({ caption, lines, testId }: { caption: string; lines: readonly (readonly [string, string])[]; testId?: string }) {
  return (
    <section data-testid={testId}>
      <h2 className="card-title">{caption}</h2>
      <table className="table">
        <tbody>
          {lines.map(([name, value]) => (
            <tr key={`${name}${value}`}>
              <th scope="row">{name}</th>
              <td style={{ overflowWrap: "anywhere" }}>{value}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
