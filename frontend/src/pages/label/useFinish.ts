import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import { useNavigate } from "react-router";

import { boxSetNow, forgetBoxSet, labelNext, reviewNext, submitBoxSet } from "../../api/boxSets";
import { ApiError } from "../../api/client";
import type { BoxSet } from "../../api/types";
import { isRegionId, type RegionId } from "../../core/regions";
import { SendError, type WorkSession } from "../../core/workSession";
import { useErrorText } from "../../panels/errorText";
import type { Bench } from "./useBench";

/**
 * The finish key: refused with the first missing region named; else everything is sent, submitted, and the next film
 * comes. `acceptRest`: the suggestions that are left are right.
 */
export function useFinish(boxSet: BoxSet, bench: Bench, isFix: boolean) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const errorText = useErrorText();
  const [finishing, setFinishing] = useState(false);

  const finish = useCallback(
    async (acceptRest: boolean) => {
      const { desk } = bench;
      if (finishing || !bench.editable || desk.finish(acceptRest)) return;
      setFinishing(true);
      desk.handIn(true);
      let isIn = false;
      try {
        await bench.session.settled();
        await submitBoxSet(boxSet.id, desk.spent(), bench.session.snapshot().queue.revisions);
        isIn = true;
        forgetBoxSet(client, boxSet.id);
        void client.invalidateQueries({ queryKey: ["home"] });
        const next = await (isFix ? reviewNext(client) : labelNext(client));
        const room = isFix ? "/review" : "/label";
        await navigate(next ? `${room}/${next.box_set}` : `${room}/none`);
      } catch (error) {
        const changed = isChangedElsewhere(error) ? await whatChanged(bench.session, boxSet.id) : [];
        const missing = error instanceof ApiError && error.code === "regions_missing" ? firstRegion(error) : null;
        const [undecided] = bench.session.snapshot().queue.conflicts;
        const reason = errorText(error instanceof SendError ? error.cause : error);
        if (missing) desk.refuse(missing);
        else if (changed.length > 0) desk.say({ code: "changedElsewhere", regions: changed });
        else if (undecided) desk.say({ code: "undecided", regions: [undecided.region] });
        else desk.say({ code: isIn ? "nextFailed" : "submitFailed", reason });
      } finally {
        desk.handIn(false);
        setFinishing(false);
      }
    },
    [finishing, bench, boxSet.id, client, isFix, navigate, errorText],
  );

  return { finish: (acceptRest = false) => void finish(acceptRest), finishing };
}

const isChangedElsewhere = (error: unknown): boolean => error instanceof ApiError && error.code === "changed_elsewhere";

/** Takes over what another window has changed, for the person to look at; nothing if that cannot be asked for now. */
const whatChanged = (session: WorkSession, id: string): Promise<RegionId[]> =>
  boxSetNow(id).then(
    ({ regions }) => session.catchUp(regions),
    () => [],
  );

function firstRegion(error: ApiError): RegionId | null {
  const regions = error.details["regions"];
  const first: unknown = Array.isArray(regions) ? regions[0] : null;
  return typeof first === "string" && isRegionId(first) ? first : null;
}
