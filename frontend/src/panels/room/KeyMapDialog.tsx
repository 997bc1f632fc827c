import { Modal } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { FILM_ACTIONS } from "../../canvas/filmActions";
import { usePersonKeys } from "../../canvas/usePersonKeys";
import type { LabelAction, RedactAction, ReviewAction } from "../../core/keymap";
import type { Room } from "../../core/personKeys";
import type { RegionId } from "../../core/regions";
import { ManualLink } from "../ManualLink";
import { ChangeableKeys } from "./ChangeableKeys";
import { KeyHand } from "./KeyHand";
import { useKeyChanging, type KeyChanging } from "./useKeyChanging";
import "./keymap.css";

type Action = LabelAction & ReviewAction & RedactAction;

interface Props {
  readonly opened: boolean;
  readonly room: Room;
  /** The region in hand: the manual opens at its section. */
  readonly region?: RegionId | null;
  onClose(): void;
}

/** All keys, each of which can be changed: the 17 drawn on a hand, the others listed. */
export function KeyMapDialog({ opened, room, region = null, onClose }: Props) {
  const { t } = useTranslation("workbench");
  return (
    <Modal opened={opened} onClose={onClose} size={980} title={t("help.title")} closeButtonProps={{ "aria-label": t("help.close") }} closeOnEscape={false} transitionProps={{ duration: 0 }}>
      {opened && <KeyMap room={room} region={region} onClose={onClose} />}
    </Modal>
  );
}

function KeyMap({ room, region, onClose }: Omit<Props, "opened">) {
  const { t } = useTranslation("workbench");
  const map = usePersonKeys()[room];
  const [changing, setChanging] = useState(false);
  const keys = useKeyChanging(onClose);
  const edit = changing ? keys : null;
  const draws = room !== "review";
  const actions = Object.keys(map) as Action[];
  const film = actions.filter((action) => (FILM_ACTIONS as readonly string[]).includes(action));
  const work = actions.filter((action) => !film.includes(action));
  return (
    <>
      <ChangeBar keys={keys} changing={changing} onToggle={() => {
        keys.stop();
        setChanging(!changing);
      }} />
      <div className="keymap" data-room={room} data-testid="keymap">
        {room !== "redact" && (
          <section aria-label={t("help.regions")}>
            <h3>{t("help.regions")}</h3>
            <KeyHand edit={edit} />
            <p className="keymap-manual">
              {region && <ManualLink region={region} />}
              <ManualLink />
            </p>
          </section>
        )}
        <section>
          <h3>{t("help.work")}</h3>
          <ChangeableKeys actions={work} map={map} edit={edit} />
        </section>
        <section>
          <h3>{t("help.film")}</h3>
          <ChangeableKeys actions={film} map={map} edit={edit} />
          {draws && <Moves />}
          <h3>{t("help.mouse")}</h3>
          <ul>
            {room === "label" && <li>{t("help.dragDraw")}</li>}
            {room === "label" && <li>{t("help.drawOver")}</li>}
            {room === "redact" && <li>{t("help.dragBlank")}</li>}
            <li>{t("help.rightDrag")}</li>
            <li>{t("help.wheel")}</li>
            <li>{t("help.shiftDrag")}</li>
            {room === "label" && <li>{t("help.ctrlDrag")}</li>}
          </ul>
        </section>
      </div>
    </>
  );
}

function ChangeBar({ keys, changing, onToggle }: { readonly keys: KeyChanging; readonly changing: boolean; onToggle(): void }) {
  const { t } = useTranslation("workbench");
  return (
    <div className="keymap-bar">
      <button type="button" className="room-button" aria-pressed={changing} data-testid="change-keys" onClick={onToggle}>
        {changing ? t("help.changeDone") : t("help.change")}
      </button>
      {changing && keys.isChanged && (
        <button type="button" className="room-button" data-testid="reset-keys" onClick={keys.resetAll}>
          {t("help.resetAll")}
        </button>
      )}
      <span role="status" data-testid="keys-message" data-kind={keys.obstacle ? "bad" : undefined}>
        {keys.message || (changing && t("help.changeHint"))}
      </span>
    </div>
  );
}

function Moves() {
  const { t } = useTranslation("workbench");
  const arrows = t("help.arrows");
  const rows = [
    [arrows, t("help.pixel")],
    [`Shift + ${arrows}`, t("help.tenPixels")],
    [`Alt + ${arrows}`, t("help.edgeOut")],
    [`Alt + Shift + ${arrows}`, t("help.edgeIn")],
  ] as const;
  return (
    <>
      <h3>{t("help.move")}</h3>
      <dl>
        {rows.map(([keys, what]) => (
          <div key={keys}>
            <dt><kbd className="room-key">{keys}</kbd></dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}
