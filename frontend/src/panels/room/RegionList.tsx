import { IconMessage2 } from "@tabler/icons-react";
import type { TFunction } from "i18next";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";

import { usePersonKeys } from "../../canvas/usePersonKeys";
import { chordText } from "../../core/keymap";
import { REGIONS, regionById, regionColour, regionName, type RegionId } from "../../core/regions";
import { STATE_SYMBOLS, type ShownState } from "../../core/regionState";
import { ManualLink } from "../ManualLink";
import { HandDrawing } from "./HandDrawing";
import { Key } from "./Key";

interface Props {
  readonly states: Readonly<Record<RegionId, ShownState>>;
  readonly focused: RegionId | null;
  readonly armed?: RegionId | null;
  /** A word instead of the state's, e.g. the reason why a region is absent. */
  readonly words?: Readonly<Partial<Record<RegionId, string>>>;
  readonly marked?: ReadonlySet<RegionId>;
  onChoose(region: RegionId): void;
}

const GROUPS = [
  ["wrist", ["radius", "ulna", "carpals"]],
  ["metacarpal", ["metacarpal"]],
  ["proximal_phalanx", ["proximal_phalanx"]],
  ["distal_phalanx", ["distal_phalanx"]],
] as const;

/** The 17 regions in anatomical order: colour of the kind, name, state as symbol and word, key. */
export function RegionList(props: Props) {
  const { t } = useTranslation("workbench");
  const settled = Object.values(props.states).filter((state) => state !== "missing" && state !== "suggested").length;
  return (
    <section className="regions" aria-label={t("label.list")}>
      <div className="regions-count" data-testid="regions-count">
        <span>{t("label.counts", { done: settled })}</span>
        <Counts states={props.states} />
      </div>
      <div className="regions-bar">
        <i style={{ width: `${(settled / 17) * 100}%` }} />
      </div>
      <HandDrawing states={props.states} focused={props.focused} onChoose={props.onChoose} />
      <ManualLink region={props.focused} className="regions-manual" />
      {GROUPS.map(([group, types]) => (
        <div key={group} role="group" aria-label={t(`groups.${group}`)}>
          <h2 aria-hidden="true">{t(`groups.${group}`)}</h2>
          {REGIONS.filter((region) => (types as readonly string[]).includes(region.type)).map((region) => (
            <RegionRow key={region.id} id={region.id} {...props} />
          ))}
        </div>
      ))}
    </section>
  );
}

function Counts({ states }: Pick<Props, "states">) {
  const { t } = useTranslation("workbench");
  const open = (["suggested", "missing"] as const).map((state) => [state, Object.values(states).filter((s) => s === state).length] as const);
  return (
    <span>
      {open
        .filter(([, count]) => count > 0)
        .map(([state, count]) => `${count} ${STATE_SYMBOLS[state]} ${t(`states.${state}`)}`)
        .join(" · ")}
    </span>
  );
}

const ROMAN = ["I", "II", "III", "IV", "V"];

/** The heading above says which bones these are: the row says which end and which ray, so that nothing is cut off. */
function shortName(id: RegionId, t: TFunction<"workbench">): string | null {
  const { type, ray } = regionById(id);
  if (type === "radius" || type === "ulna" || type === "carpals" || ray === null) return null;
  return t(`shortNames.${type}`, { ray: ROMAN[ray - 1] as string });
}

function RegionRow({ id, states, focused, armed, words, marked, onChoose }: Props & { readonly id: RegionId }) {
  const { t, i18n } = useTranslation("workbench");
  const chord = usePersonKeys().regions[id];
  const state = states[id];
  const name = regionName(id, i18n.language);
  const row = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (id === focused) void row.current?.scrollIntoView({ block: "nearest" });
  }, [id, focused]);
  const word = words?.[id] ?? t(`states.${state}`);
  return (
    <button
      ref={row}
      type="button"
      className="region-row"
      aria-current={id === focused ? "true" : undefined}
      // The heading of the group is read with it, so the visible words are name enough.
      aria-keyshortcuts={chordText(chord)}
      data-armed={id === armed || undefined}
      data-testid={`region-${id}`}
      data-state={state}
      style={{ "--region": regionColour(id) } as React.CSSProperties}
      onClick={() => onChoose(id)}
      // The film keeps the focus, so that its keys go on working after a click here.
      onMouseDown={(event) => event.preventDefault()}
    >
      <span className="region-dot" aria-hidden="true" />
      <span className="region-name">
        {shortName(id, t) ?? name}
        {marked?.has(id) && <IconMessage2 className="region-mark" size={14} aria-hidden />}
      </span>
      <span className="region-state" data-state={state}>
        <span aria-hidden="true">{STATE_SYMBOLS[state]}</span> {word}
      </span>
      <Key chord={chord} />
    </button>
  );
}
