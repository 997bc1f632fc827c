import "./consensus.css";

import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";

import { useConsensusList, type ConsensusStatus } from "../../api/consensus";
import { useSession } from "../../api/session";
import { Failure } from "../../panels/Failure";
import { ConsensusDetail } from "./ConsensusDetail";
import { ConsensusTable } from "./ConsensusTable";
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
  const nextAfter = (id: string) => rows[rows.findIndex((row) => row.id === id) + 1]?.id ?? null;

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
                go({ status: name, film: null });
              }}
            >
              {t(`filters.${name}`)}
            </button>
          ))}
        </div>
        <ApproveBar rows={rows} marked={marked} onMark={setMarked} />
        {list.isError && <Failure error={list.error} retry={() => void list.refetch()} />}
        <ConsensusTable rows={rows} loading={list.isPending} filter={filter} chosen={chosen} marked={marked} onMark={setMarked} onChoose={(id) => go({ film: id })} />
        {list.hasNextPage && (
          <button type="button" className="plain-button" onClick={() => void list.fetchNextPage()} disabled={list.isFetchingNextPage}>
            {t("more")}
          </button>
        )}
      </section>
      <section className="consensus-film">
        {chosen ? (
          <ConsensusDetail key={chosen} id={chosen} onNext={() => go({ film: nextAfter(chosen) })} hasNext={nextAfter(chosen) !== null} />
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
