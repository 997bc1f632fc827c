import { useTranslation } from "react-i18next";

import type { ConsensusRow } from "../../api/types";
import { useFormat } from "../../i18n/format";
import { PriorityMark } from "../../panels/badges";
import { RowsLoading } from "../../panels/Loading";

interface Props {
  readonly rows: readonly ConsensusRow[];
  readonly loading: boolean;
  readonly filter: string;
  readonly chosen: string | null;
  readonly marked: ReadonlySet<string>;
  onMark(marked: ReadonlySet<string>): void;
  onChoose(id: string): void;
}

const SYMBOLS = { open: "…", agreed: "≈", adjudicating: "⚖", settled: "⚖", approved: "✓", unreadable: "?", no_bone_age: "∅" } as const;
const EMPTY = { adjudicating: "emptyAdjudicating", agreed: "emptyAgreed", unreadable: "emptyUnreadable", no_bone_age: "emptyNoBoneAge" } as const;

/** One line per film: A and B, how far apart, what came of it. No names. */
export function ConsensusTable({ rows, loading, filter, chosen, marked, onMark, onChoose }: Props) {
  const { t } = useTranslation("consensus");
  if (loading) return <RowsLoading rows={6} height={52} />;
  if (rows.length === 0) {
    return (
      <p className="consensus-empty" data-testid="consensus-empty">
        {t(EMPTY[filter as keyof typeof EMPTY] ?? "empty")}
      </p>
    );
  }
  return (
    <table className="consensus-table">
      <thead>
        <tr>
          <td />
          <th>{t("columns.study")}</th>
          <th>{t("columns.reads")}</th>
          <th>{t("columns.difference")}</th>
          <th>{t("columns.value")}</th>
          {filter === "all" && <th>{t("columns.status")}</th>}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Row key={row.id} row={row} showStatus={filter === "all"} isChosen={row.id === chosen} marked={marked} onMark={onMark} onChoose={onChoose} />
        ))}
      </tbody>
    </table>
  );
}

interface RowProps extends Pick<Props, "marked" | "onMark" | "onChoose"> {
  readonly row: ConsensusRow;
  readonly isChosen: boolean;
  readonly showStatus: boolean;
}

function Row({ row, isChosen, showStatus, marked, onMark, onChoose }: RowProps) {
  const { t } = useTranslation("consensus");
  const { age, ageDistance } = useFormat();
  const toggle = () => {
    const next = new Set(marked);
    if (!next.delete(row.id)) next.add(row.id);
    onMark(next);
  };
  return (
    <tr aria-current={isChosen || undefined} data-testid={`consensus-${row.id}`} data-status={row.status} onClick={() => onChoose(row.id)}>
      <td onClick={(event) => event.stopPropagation()}>
        {row.can.includes("approve") && (
          <input type="checkbox" checked={marked.has(row.id)} onChange={toggle} aria-label={t("columns.select", { name: row.pseudonym })} />
        )}
      </td>
      <td>
        <button type="button" className="consensus-name" onClick={() => onChoose(row.id)}>
          {row.thumbnail_url && <img src={row.thumbnail_url} alt="" width={34} height={40} loading="lazy" />}
          <span>
            {row.pseudonym}
            <small>
              {t(`sex.${row.sex ?? "unknown"}`)}
              {row.synthetic && <b className="consensus-synthetic">{t("synthetic")}</b>}
            </small>
          </span>
        </button>
        {row.priority !== "normal" && <PriorityMark priority={row.priority} />}
      </td>
      <td>
        {row.reads.map((read) => (
          <span key={read.label} className="consensus-read">
            <b>{read.label}</b> {age(read.bone_age_months)}
          </span>
        ))}
        {!showStatus &&
          row.unreadable.map((answer) => (
            <span key={answer.label} className="consensus-read" data-why>
              <b>{answer.label}</b> {answer.reason ?? t("unreadable.lockedShort")}
            </span>
          ))}
      </td>
      <td className="consensus-number">{row.difference_months === null ? "–" : ageDistance(row.difference_months)}</td>
      <td className="consensus-number">
        {row.bone_age_months === null ? "–" : age(row.bone_age_months)}
        {row.origin === "reread" && <small style={{ display: "block", fontWeight: 400 }}>{t("reread")}</small>}
      </td>
      {showStatus && (
        <td>
          <span className="consensus-status" data-status={row.status}>
            <span aria-hidden="true">{SYMBOLS[row.status]}</span> {t(`status.${row.status}`)}
          </span>
        </td>
      )}
    </tr>
  );
}
