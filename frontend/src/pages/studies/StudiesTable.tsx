import { Checkbox, Group, Text } from "@mantine/core";
import { IconEyeOff, IconUserCheck } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";

import type { StudyRow } from "../../api/types";
import { useFormat } from "../../i18n/format";
import { LabellingMark, Mark, PriorityMark, ReadingMark, SeverityMark, StudyStateBadge, SyntheticBadge } from "../../panels/badges";
import { Predicted } from "./Predicted";

/** Which rows are chosen for a bulk action; null where the person has none. */
export interface Selection {
  readonly chosen: ReadonlySet<string>;
  toggle(id: string): void;
  toggleAll(): void;
}

export function StudiesTable({ rows, selection }: { rows: readonly StudyRow[]; selection: Selection | null }) {
  const { t } = useTranslation("studies");
  const all = selection !== null && rows.every(({ id }) => selection.chosen.has(id));
  return (
    <div className="table-wrap">
      <table className="table">
        <thead>
          <tr>
            {selection && (
              <th scope="col" style={{ width: 40 }}>
                <Checkbox
                  aria-label={t("bulk.all")}
                  checked={all}
                  indeterminate={!all && selection.chosen.size > 0}
                  onChange={selection.toggleAll}
                />
              </th>
            )}
            <th scope="col">{t("column.film")}</th>
            <th scope="col">{t("column.study")}</th>
            <th scope="col">{t("column.state")}</th>
            <th scope="col">{t("column.child")}</th>
            <th scope="col">{t("column.labelling")}</th>
            <th scope="col">{t("column.reading")}</th>
            <th scope="col">{t("column.model")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((study) => (
            <Row key={study.id} study={study} selection={selection} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ study, selection }: { study: StudyRow; selection: Selection | null }) {
  const { t } = useTranslation("studies");
  const { dateTime } = useFormat();
  const navigate = useNavigate();
  const path = `/studies/${study.id}`;
  return (
    <tr data-link onClick={(event) => !(event.target as HTMLElement).closest("a, label, input, .choose") && void navigate(path)}>
      {selection && (
        <td className="choose">
          <Checkbox
            aria-label={t("bulk.one", { pseudonym: study.pseudonym })}
            checked={selection.chosen.has(study.id)}
            onChange={() => selection.toggle(study.id)}
          />
        </td>
      )}
      <td style={{ width: 72 }}>
        {study.thumbnail_url ? (
          <img className="thumb" src={study.thumbnail_url} alt="" loading="lazy" width={52} height={52} />
        ) : (
          <span className="thumb" />
        )}
      </td>
      <td>
        <Group gap={6} wrap="nowrap">
          <Link className="row-link" to={path}>
            {study.pseudonym}
          </Link>
          {study.synthetic && <SyntheticBadge />}
        </Group>
        <Text size="xs" c="dimmed">
          {dateTime(study.received_at)}
        </Text>
        {study.priority !== "normal" && <PriorityMark priority={study.priority} />}
      </td>
      <td>
        <StudyStateBadge state={study.state} />
        <Quality study={study} />
      </td>
      <td>
        <Child study={study} />
      </td>
      <td>
        <LabellingMark state={study.labelling} />
        <Assigned study={study} />
      </td>
      <td>
        {study.blinded || study.reading === null ? (
          <Mark tone="quiet" icon={IconEyeOff} plain>
            {t("blinded")}
          </Mark>
        ) : (
          <ReadingMark state={study.reading} />
        )}
      </td>
      <td>
        <Predicted study={study} />
      </td>
    </tr>
  );
}

function Assigned({ study }: { study: StudyRow }) {
  const { t } = useTranslation();
  return study.assigned.map(({ kind, person }) => (
    <Text key={kind + person.id} size="xs" c="dimmed" style={{ display: "flex", alignItems: "center", gap: 4 }}>
      <IconUserCheck size={13} aria-hidden />
      {t(`workFor.${kind}`, { name: person.display_name || person.username })}
    </Text>
  ));
}

function Quality({ study }: { study: StudyRow }) {
  const { t } = useTranslation("studies");
  const worst = study.quality.some((mark) => mark.severity === "blocking")
    ? "blocking"
    : study.quality.some((mark) => mark.severity === "warning")
      ? "warning"
      : null;
  if (!worst) return null;
  const count = study.quality.filter((mark) => mark.severity !== "info").length;
  return (
    <div style={{ marginTop: 4 }}>
      <SeverityMark severity={worst}>{t("findings", { count })}</SeverityMark>
    </div>
  );
}

function Child({ study }: { study: StudyRow }) {
  const { t } = useTranslation();
  const { age } = useFormat();
  return (
    <>
      <div>{study.sex ? t(`sex.${study.sex}`) : t("sex.unknown")}</div>
      {study.chronological_age_months !== null && (
        <Text size="xs" c="dimmed" style={{ whiteSpace: "nowrap" }}>
          {age(study.chronological_age_months)}
        </Text>
      )}
    </>
  );
}
