import { notifications } from "@mantine/notifications";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";

import { ApiError } from "../../api/client";
import { blockedAfter, blockedQuery, refuseBlocked, releaseBlocked } from "../../api/gate";
import type { BlockedFilm, Upload } from "../../api/types";
import type { Box } from "../../core/boxes";
import { useErrorText } from "../../panels/errorText";
import { useReasonText } from "../../panels/reasonText";

/** What a person decides about a blocked film; each decision brings the next, the last one the study. */
export function useDecision(film: BlockedFilm, say: (message: string) => void) {
  const { t } = useTranslation("gate");
  const navigate = useNavigate();
  const client = useQueryClient();
  const errorText = useErrorText();
  const reasonText = useReasonText();
  const [deciding, setDeciding] = useState(false);

  async function decide(act: () => Promise<Upload>): Promise<void> {
    if (deciding) return;
    setDeciding(true);
    say("");
    try {
      const outcome = await act();
      if (outcome.outcome === "blocked") await stay();
      else await leave(outcome);
    } catch (error) {
      if (error instanceof ApiError && error.code === "already_decided") {
        notifications.show({ message: errorText(error), color: "yellow", position: "top-center" });
        await next(null);
      } else say(t("redact.notDone", { reason: errorText(error) }));
    } finally {
      setDeciding(false);
    }
  }

  /** Writing is still found: the film stays, with what is found on it now. */
  async function stay(): Promise<void> {
    const now = await client.fetchQuery({ ...blockedQuery(film.id), staleTime: 0 });
    say(t("redact.stillFound", { count: now.regions.length }));
  }

  async function leave({ outcome, reason, study }: Upload): Promise<void> {
    const taken = outcome === "received" || outcome === "duplicate" || outcome === "waiting";
    notifications.show({
      message: taken ? t(`redact.after.${outcome}`) : reason ? reasonText(reason) : t("redact.after.rejected"),
      color: taken ? "teal" : "yellow",
      position: "top-center",
    });
    await next(study);
  }

  async function next(study: string | null): Promise<void> {
    for (const key of ["blocked", "intake", "studies", "home"]) void client.invalidateQueries({ queryKey: [key], refetchType: "none" });
    const other = await blockedAfter(film.id).catch(() => null);
    await navigate(other ? `/blocked/${other}` : study ? `/studies/${study}` : "/blocked/none");
  }

  return {
    deciding,
    release: (rectangles: readonly Box[], noWriting: boolean) => void decide(() => releaseBlocked(film.id, rectangles, noWriting)),
    refuse: (reason: string) => void decide(() => refuseBlocked(film.id, reason)),
    /** Later, or by somebody else: on to the next film. */
    async putAside() {
      const other = await blockedAfter(film.id).catch(() => null);
      if (other) await navigate(`/blocked/${other}`);
      else say(t("redact.noOther"));
    },
  };
}
