import "./read.css";

import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";

import { amendReading, cannotRead, lockReading, readNext, readingQuery } from "../../api/reading";
import type { ReadingRoom as Reading } from "../../api/types";
import { FilmView } from "../../canvas/FilmView";
import { isFilmAction, performFilmAction } from "../../canvas/filmActions";
import { useFilmStore } from "../../canvas/useFilmStore";
import { usePersonKeys } from "../../canvas/usePersonKeys";
import { actionOf } from "../../core/keymap";
import { useFormat } from "../../i18n/format";
import { useErrorText } from "../../panels/errorText";
import { Key } from "../../panels/room/Key";
import { RoomHeader } from "../../panels/room/RoomHeader";
import { useDarkRoom } from "../../panels/room/useDarkRoom";
import { useRoomKeys } from "../../panels/room/useRoomKeys";
import { AmendDialog } from "./AmendDialog";
import { AnswerForm } from "./AnswerForm";
import { LockedReading } from "./LockedReading";
import { ReasonDialog } from "./ReasonDialog";
import { useReadingAnswer } from "./useReadingAnswer";

/** Nothing but the film, the sex and the question. */
export function ReadingRoom({ reading }: { readonly reading: Reading }) {
  useDarkRoom();
  const { t } = useTranslation("reading");
  const { age } = useFormat();
  const navigate = useNavigate();
  const client = useQueryClient();
  const errorText = useErrorText();
  const surface = useRef<HTMLDivElement>(null);
  const [busy, setBusy] = useState(false);
  const [message, setMessage] = useState("");
  const [dialog, setDialog] = useState<"unreadable" | "amend" | null>(null);
  const value = useReadingAnswer(reading.standards_months);
  const { rows, columns, pixels_url, window } = reading.radiograph;
  const store = useFilmStore({ ...reading.radiograph, film: reading.token });
  const open = reading.status === "assigned";

  async function run(failed: "errorLock" | "errorSave" | "errorNext", act: () => Promise<Reading | null>): Promise<void> {
    if (busy) return;
    setBusy(true);
    setMessage("");
    try {
      const answer = await act();
      if (answer) client.setQueryData(readingQuery(reading.token).queryKey, answer);
      setDialog(null);
    } catch (error) {
      setMessage(t(failed, { reason: errorText(error) }));
    } finally {
      setBusy(false);
    }
  }

  const ask = (which: "unreadable" | "amend") => {
    setMessage("");
    setDialog(which);
  };
  const lock = () => {
    const { answer } = value;
    if (answer) void run("errorLock", () => lockReading(reading.token, answer));
  };
  const next = () =>
    void run("errorNext", async () => {
      const found = await readNext();
      void client.invalidateQueries({ queryKey: ["home"] });
      await navigate(found ? `/read/${found.token}` : "/read/none");
      return null;
    });

  const filmKeys = usePersonKeys().label;
  useRoomKeys(
    {
      down(chord, _repeated, inField) {
        if (inField && /^\d$/.test(chord)) return false;
        const action = actionOf(filmKeys, chord);
        if (!action || !isFilmAction(action)) return false;
        performFilmAction(store, action, null);
        return true;
      },
    },
    surface,
  );

  return (
    <main className="room" data-testid="reading" data-status={reading.status}>
      <RoomHeader title={t("title")} synthetic={reading.synthetic}>
        <span data-testid="read-sex">{t(`sex.${reading.sex ?? "unknown"}`)}</span>
      </RoomHeader>
      <section className="room-film" style={{ gridRow: "2 / -1" }}>
        <FilmView pixelsUrl={pixels_url} rows={rows} columns={columns} window={window} label={t("filmName")} store={store} surface={surface} />
      </section>
      <aside className="room-side" style={{ gridRow: "2 / -1", paddingTop: 18 }}>
        {message && !dialog && (
          <div className="room-notice" data-kind="bad" role="alert">
            {message}
          </div>
        )}
        {open && reading.revealed?.chronological_age_months != null && (
          <p className="room-dim">{t("shown", { age: age(reading.revealed.chronological_age_months) })}</p>
        )}
        {open && !reading.sex && <p role="alert">{t("noSex")}</p>}
        {open ? (
          <AnswerForm reading={reading} value={value} onEnter={lock}>
            <div className="read-actions">
              <button type="submit" className="room-button" data-main data-testid="lock" disabled={busy || !value.answer}>
                {t("lock")} <Key chord="enter" />
              </button>
              <button type="button" className="room-button" data-testid="unreadable" onClick={() => ask("unreadable")}>
                {t("unreadable")}
              </button>
            </div>
          </AnswerForm>
        ) : (
          <LockedReading reading={reading} busy={busy} onNext={next} onAmend={() => ask("amend")} />
        )}
      </aside>
      <ReasonDialog
        opened={dialog === "unreadable"}
        title={t("unreadableTitle")}
        label={t("unreadableReason")}
        placeholder={t("unreadablePlaceholder")}
        confirm={t("unreadableSave")}
        busy={busy}
        problem={message}
        onClose={() => setDialog(null)}
        onConfirm={(reason) => void run("errorSave", () => cannotRead(reading.token, reason))}
      />
      {dialog === "amend" && (
        <AmendDialog
          reading={reading}
          busy={busy}
          problem={message}
          onClose={() => setDialog(null)}
          onAmend={(answer, reason) => void run("errorSave", () => amendReading(reading.token, answer, reason))}
        />
      )}
    </main>
  );
}
