import type { UseQueryResult } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";

import { Card } from "../../panels/Card";
import { Failure } from "../../panels/Failure";

/** The last lines of the log; stays at the end unless somebody scrolls up. */
export function LogTail({ log, active }: { log: UseQueryResult<string>; active: boolean }) {
  const { t } = useTranslation("runs");
  const box = useRef<HTMLPreElement>(null);
  const atEnd = useRef(true);
  useEffect(() => {
    if (box.current && atEnd.current) box.current.scrollTop = box.current.scrollHeight;
  }, [log.data]);
  return (
    <Card title={t("log.title")}>
      {log.isError && !log.data ? (
        <Failure error={log.error} retry={() => void log.refetch()} />
      ) : (
        <pre
          ref={box}
          className="log"
          tabIndex={0}
          aria-label={t("log.title")}
          onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
            atEnd.current = scrollHeight - scrollTop - clientHeight < 24;
          }}
        >
          {log.data || (active ? t("log.waiting") : t("log.none"))}
        </pre>
      )}
    </Card>
  );
}
