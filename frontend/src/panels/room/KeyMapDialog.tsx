import { Modal } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { HAND_LAYOUT } from "../../core/handLayout";
import { LABEL_KEYS, REDACT_KEYS, REGION_KEYS, REVIEW_KEYS, chordText, type Chord, type LabelAction, type RedactAction, type ReviewAction } from "../../core/keymap";
import { REGION_IDS, regionColour, regionName, type RegionId } from "../../core/regions";
import { FILM_ACTIONS } from "../../canvas/filmActions";
import { ManualLink } from "../ManualLink";
import { HandOutline } from "./HandDrawing";
import "./keymap.css";

const MAPS = { label: LABEL_KEYS, review: REVIEW_KEYS, redact: REDACT_KEYS };

type Action = LabelAction & ReviewAction & RedactAction;

interface Props {
  readonly opened: boolean;
  readonly room: keyof typeof MAPS;
  /** The region in hand: the manual opens at its section. */
  readonly region?: RegionId | null;
  onClose(): void;
}

/** All keys: the 17 drawn on a hand, the others listed. */
export function KeyMapDialog({ opened, room, region = null, onClose }: Props) {
  const { t } = useTranslation("workbench");
  const map = MAPS[room];
  const draws = room !== "review";
  const actions = Object.keys(map) as Action[];
  const film = actions.filter((action) => (FILM_ACTIONS as readonly string[]).includes(action));
  const work = actions.filter((action) => !film.includes(action));
  return (
    <Modal opened={opened} onClose={onClose} size={960} title={t("help.title")} closeButtonProps={{ "aria-label": t("help.close") }} transitionProps={{ duration: 0 }}>
      <div className="keymap" data-room={room} data-testid="keymap">
        {room !== "redact" && (
          <section aria-label={t("help.regions")}>
            <h3>{t("help.regions")}</h3>
            <KeyHand />
            <p className="keymap-manual">
              {region && <ManualLink region={region} />}
              <ManualLink />
            </p>
          </section>
        )}
        <section>
          <h3>{t("help.work")}</h3>
          <Keys actions={work} map={map} />
        </section>
        <section>
          <h3>{t("help.film")}</h3>
          <Keys actions={film} map={map} />
          {draws && <Moves />}
          <h3>{t("help.mouse")}</h3>
          <ul>
            {room === "label" && <li>{t("help.dragDraw")}</li>}
            {room === "redact" && <li>{t("help.dragBlank")}</li>}
            <li>{t("help.rightDrag")}</li>
            <li>{t("help.wheel")}</li>
            <li>{t("help.shiftDrag")}</li>
            {room === "label" && <li>{t("help.ctrlDrag")}</li>}
          </ul>
        </section>
      </div>
    </Modal>
  );
}

function Keys({ actions, map }: { readonly actions: readonly Action[]; readonly map: Readonly<Record<string, readonly Chord[]>> }) {
  const { t } = useTranslation("workbench");
  return (
    <dl>
      {actions.map((action) => (
        <div key={action}>
          <dt>{(map[action] ?? []).map(chordText).map((text) => <kbd key={text} className="room-key">{text}</kbd>)}</dt>
          <dd>{t(`actions.${action}`)}</dd>
        </div>
      ))}
    </dl>
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

function KeyHand() {
  const { t, i18n } = useTranslation("workbench");
  const spoken = REGION_IDS.map((id) => `${chordText(REGION_KEYS[id])} ${regionName(id, i18n.language)}`).join(", ");
  return (
    <svg className="keymap-hand" viewBox="-1.4 -2.35 2.8 3.2" role="img" aria-label={`${t("help.regions")}: ${spoken}`}>
      <HandOutline />
      {REGION_IDS.map((id) => {
        const { u, v } = HAND_LAYOUT[id];
        return (
          <g key={id} transform={`translate(${u} ${-v})`}>
            <title>{regionName(id, i18n.language)}</title>
            <rect x={-0.105} y={-0.105} width={0.21} height={0.21} rx={0.04} fill="#0b0f12" stroke={regionColour(id)} strokeWidth={0.025} />
            <text y={0.048} fontSize={0.135} textAnchor="middle" fill="#fff" fontWeight={650}>
              {chordText(REGION_KEYS[id])}
            </text>
          </g>
        );
      })}
    </svg>
  );
}
