import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";

import { acceptBoxSet, fixBoxSet, forgetBoxSet, returnBoxSet, reviewNext, type PinnedComment } from "../../api/boxSets";
import type { BoxSet } from "../../api/types";
import { useErrorText } from "../../panels/errorText";

/**
 * What a reviewer decides; each decision brings the next film. A decision whose answer was lost is given once more: the
 * server knows whose it was and takes it as the one it is.
 */
export function useVerdict(boxSet: BoxSet, say: (message: string) => void, onDecided: () => void) {
  const { t } = useTranslation("workbench");
  const navigate = useNavigate();
  const client = useQueryClient();
  const errorText = useErrorText();
  const [deciding, setDeciding] = useState(false);

  async function decide(verb: string, act: () => Promise<unknown>): Promise<void> {
    if (deciding || !boxSet.can.includes(verb)) return;
    setDeciding(true);
    try {
      await act();
    } catch (error) {
      say(t("review.failed", { reason: errorText(error) }));
    } finally {
      setDeciding(false);
    }
  }

  /** The decision stands whatever becomes of the next film. */
  async function next(): Promise<void> {
    onDecided();
    void client.invalidateQueries({ queryKey: ["home"] });
    try {
      const found = await reviewNext(client);
      forgetBoxSet(client, boxSet.id);
      await navigate(found ? `/review/${found.box_set}` : "/review/none");
    } catch (error) {
      say(t("review.nextFailed", { reason: errorText(error) }));
    }
  }

  return {
    deciding,
    accept: () =>
      void decide("accept", async () => {
        await acceptBoxSet(boxSet.id);
        await next();
      }),
    sendBack: (reason: string, comments: readonly PinnedComment[]) =>
      void decide("return", async () => {
        await returnBoxSet(boxSet.id, reason, comments);
        await next();
      }),
    fix: () =>
      void decide("fix", async () => {
        const draft = await fixBoxSet(boxSet.id);
        await navigate(`/label/${draft.id}`);
      }),
  };
}
