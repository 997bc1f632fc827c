import { useTranslation } from "react-i18next";

import { LABEL_KEYS, type Chord } from "../../core/keymap";
import { ATTRIBUTES, type Attribute } from "../../core/regionState";
import { Key } from "../../panels/room/Key";
import type { Bench } from "./useBench";

const KEYS: Readonly<Record<Attribute, Chord>> = {
  centre_not_visible: LABEL_KEYS.centreNotVisible[0] as Chord,
  occluded: LABEL_KEYS.occluded[0] as Chord,
  difficult: LABEL_KEYS.difficult[0] as Chord,
};

/** What can be said of the box in hand besides its place. */
export function AttributeBar({ bench }: { readonly bench: Bench }) {
  const { t } = useTranslation("workbench");
  const { region } = bench.focus;
  const content = region ? bench.work.contents[region] : null;
  const boxed = content?.state === "boxed" ? content : null;
  const possible = bench.editable && bench.boxInHand() !== null;
  return (
    <div className="attributes" role="group" aria-label={region ? bench.names([region]) : undefined}>
      {ATTRIBUTES.map((attribute) => (
        <button
          key={attribute}
          type="button"
          className="attribute"
          aria-pressed={boxed?.attributes[attribute] ?? false}
          disabled={!possible}
          data-testid={`attribute-${attribute}`}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => bench.attribute(attribute)}
        >
          {t(`attributes.${attribute}`)}
          <Key chord={KEYS[attribute]} />
        </button>
      ))}
    </div>
  );
}
