import { useTranslation } from "react-i18next";

import { usePersonKeys } from "../../canvas/usePersonKeys";
import { HAND_LAYOUT } from "../../core/handLayout";
import { chordText } from "../../core/keymap";
import { regionSlot } from "../../core/personKeys";
import { REGION_IDS, regionColour, regionName, type RegionId } from "../../core/regions";
import { HandOutline } from "./HandDrawing";
import type { KeyChanging } from "./useKeyChanging";

/** The regions' keys where they lie on the hand. `edit` null: only shown. */
export function KeyHand({ edit }: { readonly edit: KeyChanging | null }) {
  const { t, i18n } = useTranslation("workbench");
  const keys = usePersonKeys().regions;
  const spoken = REGION_IDS.map((id) => `${chordText(keys[id])} ${regionName(id, i18n.language)}`).join(", ");
  const asPicture = edit ? { role: "group", "aria-label": t("help.regions") } : { role: "img", "aria-label": `${t("help.regions")}: ${spoken}` };
  return (
    <svg className="keymap-hand" viewBox="-1.4 -2.35 2.8 3.2" {...asPicture}>
      <HandOutline />
      {REGION_IDS.map((id) => (
        <HandKey key={id} id={id} text={chordText(keys[id])} edit={edit} />
      ))}
    </svg>
  );
}

function HandKey({ id, text, edit }: { readonly id: RegionId; readonly text: string; readonly edit: KeyChanging | null }) {
  const { t, i18n } = useTranslation("workbench");
  const { u, v } = HAND_LAYOUT[id];
  const slot = regionSlot(id);
  const name = regionName(id, i18n.language);
  const waiting = edit?.waiting === slot;
  const asButton = edit && {
    role: "button",
    tabIndex: 0,
    "aria-label": t("help.changeOf", { action: name, key: text }),
    "aria-pressed": waiting,
    "data-testid": `change-${slot}`,
    onClick: () => edit.start(slot),
    onKeyDown: (event: React.KeyboardEvent) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      edit.start(slot);
    },
  };
  return (
    <g transform={`translate(${u} ${-v})`} {...asButton}>
      <title>{name}</title>
      <rect x={-0.105} y={-0.105} width={0.21} height={0.21} rx={0.04} fill={waiting ? "#0f7265" : "#0b0f12"} stroke={regionColour(id)} strokeWidth={edit?.has(slot) ? 0.045 : 0.025} />
      <text y={0.048} fontSize={text.length > 2 ? 0.075 : 0.135} textAnchor="middle" fill="#fff" fontWeight={650}>
        {waiting ? "…" : text}
      </text>
    </g>
  );
}
