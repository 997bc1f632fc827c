import "./consensus.css";

import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";

import { useConsensusList, type ConsensusStatus } from "../../api/consensus";
import { useSession } from "../../api/session";
import type { Consensus } from "../../api/types";
import { Failure } from "../../panels/Failure";
import { ConsensusDetail } from "./ConsensusDetail";
import { ConsensusTable } from "./ConsensusTable";
import { Decided } from "./Decided";
import { ApproveBar } from "./ApproveBar";

const FILTERS = ["adjudicating", "agreed", "settled", "unreadable", "approved", "no_bone_age", "open", "all"] as const;
type Filter = (typeof FILTERS)[number];

/** /consensus: disagreements first, A and B beside the film. Filter and chosen film stand in the address. */
export function Component() {
  const { t } = useTranslation("consensus");
  const { has } = useSession();
  const [address, setAddress] = useSearchParams();
  const filter = filterOf(address.get("status"), has("adjudicator"));
  const chosen = address.get("film");
  const [decided, setDecided] = useState<Consensus | null>(null);
  const filmSide = useRef<HTMLElement>(null);
  // On a tablet the film lies below the list: whoever chooses one is to see it.
  useEffect(() => {
    if (chosen) filmSide.current?.scrollIntoView({ block: "start" });
  }, [chosen]);
  const [marked, setMarked] = useState<ReadonlySet<string>>(new Set());
  const list = useConsensusList(filter === "all" ? "" : (filter as ConsensusStatus));
  const rows = list.data?.pages.flatMap((page) => page.results) ?? [];

  const go = (changes: { status?: Filter; film?: string | null }) =>
    setAddress((before) => {
      if (changes.status) before.set("status", changes.status);
      if (changes.film) before.set("film", changes.film);
      else if (changes.film === null) before.delete("film");
      return before;
    });
  const choose = (film: string | null) => {
    setDecided(null);
    go({ film });
  };
  const nextAfter = (id: string) => rows[rows.findIndex((row) => row.id === id) + 1]?.id ?? null;
  /** On to the film that followed it in the list; with none left there, the decided one stays in sight. */
  const goOn = (answer: Consensus) => {
    const next = nextAfter(answer.id);
    setDecided(answer);
    if (filter === "all" || !next) return;
    go({ film: next });
    filmSide.current?.focus();
  };

  return (
    <div className="consensus" data-testid="consensus">
      <section className="consensus-list">
        <header>
          <h1>{t("title")}</h1>
          <p>{t("intro")}</p>
        </header>
        <div className="consensus-filters" role="tablist" aria-label={t("filter")}>
          {FILTERS.map((name) => (
            <button
              key={name}
              type="button"
              role="tab"
              aria-selected={name === filter}
              data-testid={`filter-${name}`}
              onClick={() => {
                setMarked(new Set());
                setDecided(null);
                go({ status: name, film: null });
              }}
            >
              {t(`filters.${name}`)}
            </button>
          ))}
        </div>
        <Decided consensus={decided} />
        <ApproveBar rows={rows} marked={marked} onMark={setMarked} />
        {list.isError && <Failure error={list.error} retry={() => void list.refetch()} />}
        <ConsensusTable rows={rows} loading={list.isPending} filter={filter} chosen={chosen} marked={marked} onMark={setMarked} onChoose={choose} />
        {list.hasNextPage && (
          <button type="button" className="plain-button" onClick={() => void list.fetchNextPage()} disabled={list.isFetchingNextPage}>
            {t("more")}
          </button>
        )}
      </section>
      <section className="consensus-film" ref={filmSide} tabIndex={-1} aria-label={t("filmSide")}>
        {chosen ? (
          <ConsensusDetail key={chosen} id={chosen} onNext={() => choose(nextAfter(chosen))} hasNext={nextAfter(chosen) !== null} onDecided={goOn} />
        ) : (
          <p className="consensus-choose">{t("choose")}</p>
        )}
      </section>
    </div>
  );
}

function filterOf(text: string | null, adjudicates: boolean): Filter {
  return FILTERS.find((name) => name === text) ?? (adjudicates ? "adjudicating" : "agreed");
}
