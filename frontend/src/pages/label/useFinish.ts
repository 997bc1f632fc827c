import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";

import { forgetBoxSet, labelNext, reviewNext, submitBoxSet } from "../../api/boxSets";
import { ApiError } from "../../api/client";
import type { BoxSet } from "../../api/types";
import { missingRegions } from "../../core/regionState";
import { isRegionId, type RegionId } from "../../core/regions";
import { useErrorText } from "../../panels/errorText";
import type { Bench } from "./useBench";

/** Space: refused with the first missing region named; else everything is sent, submitted, and the next film comes. */
export function useFinish(boxSet: BoxSet, bench: Bench, isFix: boolean) {
  const { t } = useTranslation("workbench");
  const client = useQueryClient();
  const navigate = useNavigate();
  const errorText = useErrorText();
  const [finishing, setFinishing] = useState(false);

  const refuse = useCallback(
    (region: RegionId) => {
      bench.focus.take(region);
      bench.say(t("label.refusedMissing", { region: bench.names([region]) }));
    },
    [bench, t],
  );

  const finish = useCallback(async () => {
    if (finishing || !bench.editable) return;
    const first = missingRegions(bench.work.contents)[0];
    if (first) return refuse(first);
    bench.effort.act();
    setFinishing(true);
    try {
      await bench.session.settled();
      await submitBoxSet(boxSet.id, bench.effort.read());
      forgetBoxSet(client, boxSet.id);
      void client.invalidateQueries({ queryKey: ["home"] });
      const next = await (isFix ? reviewNext() : labelNext());
      const room = isFix ? "/review" : "/label";
      await navigate(next ? `${room}/${next.box_set}` : `${room}/none`);
    } catch (error) {
      const missing = error instanceof ApiError && error.code === "regions_missing" ? firstRegion(error) : null;
      if (missing) refuse(missing);
      else bench.say(t("label.submitFailed", { reason: errorText(error) }));
    } finally {
      setFinishing(false);
    }
  }, [finishing, bench, boxSet.id, client, isFix, navigate, refuse, errorText, t]);

  return { finish: () => void finish(), finishing };
}

function firstRegion(error: ApiError): RegionId | null {
  const regions = error.details["regions"];
  const first: unknown = Array.isArray(regions) ? regions[0] : null;
  return typeof first === "string" && isRegionId(first) ? first : null;
}
