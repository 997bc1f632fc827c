import { memo, useMemo, useRef, useState, type UIEvent } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { useSession } from "../../api/session";
import { useFormat } from "../../i18n/format";
import { hasReason, type UploadItem } from "./items";
import { rowsInView, tops } from "./rowsInView";
import { STATUS_ICONS } from "./StatusCount";
import { useUploadWords } from "./uploadWords";

const NAME_PX = 30;
const FOLDER_PX = 16;
/** Two lines of reason under the name. */
const REASON_PX = 36;
const LIST_PX = 300;

const heightOf = (item: UploadItem): number => NAME_PX + (item.folder ? FOLDER_PX : 0) + (hasReason(item) ? REASON_PX : 0);

/** Films by the thousand: only the rows in view are drawn. */
export function UploadList({ items, emptyText }: { readonly items: readonly UploadItem[]; readonly emptyText: string }) {
  const { t } = useTranslation("upload");
  const frame = useRef<HTMLDivElement>(null);
  const [scrolled, setScrolled] = useState(0);
  const heights = useMemo(() => items.map(heightOf), [items]);
  const at = useMemo(() => tops(heights), [heights]);
  const total = at[items.length] ?? 0;
  const { first, last } = rowsInView(at, scrolled, LIST_PX);
  if (items.length === 0) return <p className="upload-empty">{emptyText}</p>;
  return (
    <div
      ref={frame}
      className="upload-list"
      style={{ maxHeight: LIST_PX }}
      tabIndex={0}
      role="group"
      aria-label={t("listName")}
      onScroll={(event: UIEvent<HTMLDivElement>) => setScrolled(event.currentTarget.scrollTop)}
    >
      <ul style={{ height: total }}>
        {items.slice(first, last).map((item, i) => (
          <Row
            key={item.id}
            item={item}
            top={at[first + i] as number}
            height={heights[first + i] as number}
            position={first + i + 1}
            of={items.length}
          />
        ))}
      </ul>
    </div>
  );
}

interface RowProps {
  readonly item: UploadItem;
  readonly top: number;
  readonly height: number;
  readonly position: number;
  readonly of: number;
}

const Row = memo(function Row({ item, top, height, position, of }: RowProps) {
  const words = useUploadWords();
  const [Icon, colour] = STATUS_ICONS[item.status];
  const why = words.why(item);
  return (
    <li className="upload-row" style={{ top, height }} aria-posinset={position} aria-setsize={of} data-status={item.status}>
      <Icon size={16} color={colour} aria-hidden />
      <div className="upload-name">
        <span title={item.name}>{item.name}</span>
        {item.folder && <small title={item.folder}>{item.folder}</small>}
        {why && (
          <span className="upload-why" data-tone={item.status === "blocked" ? "warn" : "bad"} title={why}>
            {why}
          </span>
        )}
      </div>
      <Outcome item={item} />
    </li>
  );
});

/** The word for what became of it, leading on where there is something to see. */
function Outcome({ item }: { readonly item: UploadItem }) {
  const { has } = useSession();
  const { percent } = useFormat();
  const words = useUploadWords();
  const word = words.status(item);
  if (item.status === "sending") return <span className="upload-outcome">{percent(item.share)}</span>;
  if (item.status === "blocked" && (has("reviewer") || has("administrator"))) {
    return (
      <Link className="upload-outcome" to={item.arrival ? `/blocked/${item.arrival}` : "/blocked"}>
        {word}
      </Link>
    );
  }
  if (item.study) {
    return (
      <Link className="upload-outcome" to={`/studies/${item.study}`}>
        {word}
      </Link>
    );
  }
  return <span className="upload-outcome">{word}</span>;
}
