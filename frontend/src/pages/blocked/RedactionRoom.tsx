import { IconArrowBackUp, IconArrowForwardUp, IconEyeExclamation, IconKeyboard } from "@tabler/icons-react";
import { useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import type { BlockedFilm } from "../../api/types";
import { ToolButton } from "../../canvas/FilmTools";
import { FilmView } from "../../canvas/FilmView";
import type { FilmBox } from "../../canvas/types";
import { useFilmStore } from "../../canvas/useFilmStore";
import { usePersonKeys } from "../../canvas/usePersonKeys";
import { chordText } from "../../core/keymap";
import type { BoxId } from "../../core/boxes";
import { useFormat } from "../../i18n/format";
import { KeyMapDialog } from "../../panels/room/KeyMapDialog";
import { RoomHeader } from "../../panels/room/RoomHeader";
import { useDarkRoom } from "../../panels/room/useDarkRoom";
import { ConfirmNoWriting } from "./ConfirmNoWriting";
import { PlaceList } from "./PlaceList";
import { RedactLine } from "./RedactLine";
import { RefuseDialog } from "./RefuseDialog";
import { useDecision } from "./useDecision";
import { useRedactKeys } from "./useRedactKeys";
import { useRedaction } from "./useRedaction";
import "../../panels/room/room.css";
import "./redact.css";

const FOUND_COLOUR = "#f0e442";
const BLANK_COLOUR = "#ff8a5c";

/** A film with writing: what was found is outlined, what is drawn goes black, and a person decides. */
export function RedactionRoom({ film }: { readonly film: BlockedFilm }) {
  useDarkRoom();
  const { t } = useTranslation("gate");
  const { t: bench } = useTranslation("workbench");
  const { dateTime } = useFormat();
  const surface = useRef<HTMLDivElement>(null);
  const [message, setMessage] = useState("");
  const [dialog, setDialog] = useState<"noWriting" | "refuse" | "help" | null>(null);
  const work = useRedaction(film);
  const decision = useDecision(film, (said) => {
    setMessage(said);
    setDialog(null);
  });
  const store = useFilmStore({ ...film, film: film.id, remembers: false });
  const rectangles = work.redaction.blanks.map(({ box }) => box);

  const release = () => {
    if (rectangles.length === 0) setMessage(t("redact.nothingDrawn"));
    else if (work.open.length > 0) setDialog("noWriting");
    else decision.release(rectangles, false);
  };
  const close = () => {
    setDialog(null);
    surface.current?.focus({ preventScroll: true });
  };
  const keys = usePersonKeys().redact;
  const { windowKey } = useRedactKeys(
    work,
    store,
    {
      release,
      noWriting: () => setDialog("noWriting"),
      refuse: () => setDialog("refuse"),
      putAside: () => void decision.putAside(),
      help: () => setDialog("help"),
    },
    surface,
  );

  useEffect(() => {
    surface.current?.focus({ preventScroll: true });
  }, [film.id]);

  const boxes = useMemo((): FilmBox<BoxId>[] => {
    const found = work.open.map(({ id, box }): FilmBox<BoxId> => {
      const name = t("redact.place", { number: id.split("-")[1] });
      return { region: id, box, look: "proposed", colour: FOUND_COLOUR, name, label: name };
    });
    const blanks = work.redaction.blanks.map(({ id, box }): FilmBox<BoxId> => {
      const name = t("redact.blank", { number: id.split("-")[1] });
      return { region: id, box, look: "blanked", colour: BLANK_COLOUR, name, label: name };
    });
    return [...found, ...blanks];
  }, [work.open, work.redaction.blanks, t]);

  return (
    <main className="room" data-testid="redaction" data-film={film.id}>
      <RoomHeader title={t("redact.title")} synthetic={film.synthetic} back={{ to: "/blocked", label: t("blocked.title") }}>
        <span className="room-dim">
          {dateTime(film.at)} · {t(`door.${film.door}`)}
        </span>
      </RoomHeader>
      <section className="room-film">
        <FilmView<BoxId>
          pixelsUrl={film.pixels_url}
          rows={film.rows}
          columns={film.columns}
          window={film.window}
          label={t("redact.filmName")}
          boxes={boxes}
          readOnly={decision.deciding}
          focused={work.focused}
          armed={work.armed}
          windowKey={windowKey}
          store={store}
          surface={surface}
          onDraw={work.draw}
          onPick={work.pick}
          onFocusBox={work.focus}
          tools={
            <>
              <ToolButton name={bench("actions.undo")} keyText={chordText(keys.undo[0] ?? "")} testId="tool-undo" onPress={work.undo}>
                <IconArrowBackUp size={18} stroke={1.7} />
              </ToolButton>
              <ToolButton name={bench("actions.redo")} keyText={chordText(keys.redo[0] ?? "")} testId="tool-redo" onPress={work.redo}>
                <IconArrowForwardUp size={18} stroke={1.7} />
              </ToolButton>
              <ToolButton name={bench("actions.help")} keyText={chordText(keys.help[0] ?? "")} testId="tool-help" onPress={() => setDialog("help")}>
                <IconKeyboard size={18} stroke={1.7} />
              </ToolButton>
            </>
          }
        />
      </section>
      <aside className="room-side">
        <div className="room-notice" role="note" data-testid="identity-warning">
          <h2>
            <IconEyeExclamation size={16} aria-hidden style={{ verticalAlign: "-3px" }} /> {t("redact.identityTitle")}
          </h2>
          {t("redact.identityText")}
        </div>
        <PlaceList work={work} />
        <ul className="redact-steps">
          <li>{t("redact.hintDrag")}</li>
          <li>{t("redact.hintTaken")}</li>
          <li>{t("redact.hintTurn")}</li>
          <li>{t("redact.hintMarkers")}</li>
        </ul>
      </aside>
      <RedactLine
        open={work.open.length}
        blanks={rectangles.length}
        message={message}
        deciding={decision.deciding}
        onPutAside={() => void decision.putAside()}
        onRefuse={() => setDialog("refuse")}
        onNoWriting={() => setDialog("noWriting")}
        onRelease={release}
      />
      <ConfirmNoWriting
        opened={dialog === "noWriting"}
        open={work.open.length}
        blanks={rectangles.length}
        deciding={decision.deciding}
        onConfirm={() => decision.release(rectangles, true)}
        onClose={close}
      />
      <RefuseDialog opened={dialog === "refuse"} deciding={decision.deciding} onRefuse={decision.refuse} onClose={close} />
      <KeyMapDialog opened={dialog === "help"} onClose={close} room="redact" />
    </main>
  );
}
