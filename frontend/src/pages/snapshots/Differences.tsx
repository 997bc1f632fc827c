import { Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { useSnapshotDifferences } from "../../api/snapshots";
import type { SnapshotDifferences } from "../../api/types";
import { useFormat } from "../../i18n/format";
import { Facts } from "../../panels/Facts";
import { Failure } from "../../panels/Failure";
import { RowsLoading } from "../../panels/Loading";

const CHANGES = ["split", "truth", "boxes", "picture", "facts"] as const;
type Changed = SnapshotDifferences["changed"][number];

/** What this snapshot holds beyond the other, what it lacks, and what changed of films in both; no age of a film. */
export function Differences({ snapshot, other }: { snapshot: string; other: string }) {
  const { t } = useTranslation("snapshots");
  const { number } = useFormat();
  const found = useSnapshotDifferences(snapshot, other);
  if (found.isPending) return <RowsLoading rows={4} height={28} />;
  if (!found.data) return <Failure error={found.error} retry={() => void found.refetch()} />;
  const { totals, counts, moves, truth_moved: truth, same_hash: same } = found.data;
  if (same) return <Text size="sm">{t("differences.same")}</Text>;
  return (
    <Stack gap="md">
      <Facts
        entries={[
          [t("differences.kept"), number(found.data.kept)],
          [t("differences.added"), number(totals.added)],
          [t("differences.removed"), number(totals.removed)],
          [t("differences.changed"), number(totals.changed)],
          ...CHANGES.filter((name) => counts[name]).map(
            (name) => [t(`differences.what.${name}`), number(counts[name] ?? 0)] as const,
          ),
          ...moves.map(
            (move) =>
              [
                t("differences.move", {
                  before: t(`count.${move.before as "train"}`),
                  after: t(`count.${move.after as "test"}`),
                }),
                number(move.films),
              ] as const,
          ),
          [
            t("differences.truthMoved"),
            truth.mean_months !== null && truth.largest_months !== null
              ? t("differences.months", {
                  n: number(truth.films),
                  mean: number(truth.mean_months, 1),
                  largest: number(truth.largest_months, 1),
                })
              : null,
          ],
          [t("differences.appeared"), truth.appeared > 0 ? number(truth.appeared) : null],
          [t("differences.went"), truth.went > 0 ? number(truth.went) : null],
        ]}
      />
      <Films title={t("differences.changed")} total={totals.changed} shown={found.data.changed.length}>
        {found.data.changed.map((film) => (
          <ChangedFilm key={film.id} film={film} study={found.data.studies[film.id]} />
        ))}
      </Films>
      {(["added", "removed"] as const).map((name) => (
        <Films key={name} title={t(`differences.${name}`)} total={totals[name]} shown={found.data[name].length}>
          {found.data[name].map((id) => (
            <li key={id}>
              <FilmLink id={id} study={found.data.studies[id]} />
            </li>
          ))}
        </Films>
      ))}
    </Stack>
  );
}

function Films({ title, total, shown, children }: { title: string; total: number; shown: number; children: ReactNode }) {
  const { t } = useTranslation("snapshots");
  const { number } = useFormat();
  if (total === 0) return null;
  return (
    <details>
      <summary style={{ cursor: "pointer", fontSize: 13.5 }}>
        {title} · {number(total)}
        {shown < total && ` (${t("differences.first", { shown: number(shown) })})`}
      </summary>
      <ul style={{ margin: "6px 0 0", paddingInlineStart: 22, fontSize: 13.5 }}>{children}</ul>
    </details>
  );
}

function ChangedFilm({ film, study }: { film: Changed; study: string | undefined }) {
  const { t } = useTranslation("snapshots");
  const said = film.what.map((what) => {
    const name = t(`differences.what.${what}`);
    if (what === "split") return `${name}: ${film.split.map((part) => t(`count.${part as "train"}`)).join(" → ")}`;
    if (what === "boxes") return `${name}: ${t("differences.boxCounts", film.boxes)}`;
    return name;
  });
  return (
    <li>
      <FilmLink id={film.id} study={study} /> · {said.join("; ")}
    </li>
  );
}

function FilmLink({ id, study }: { id: string; study: string | undefined }) {
  const short = id.length > 14 ? id.slice(0, 8) : id;
  return study ? <Link to={`/studies/${study}`}>{short}</Link> : <code>{short}</code>;
}
