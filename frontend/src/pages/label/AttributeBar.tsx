import { useTranslation } from "react-i18next";

import type { LabelAction } from "../../core/keymap";
import { ATTRIBUTES, type Attribute } from "../../core/regionState";
import { Key } from "../../panels/room/Key";
import { usePersonKeys } from "../../canvas/usePersonKeys";
import type { Bench } from "./useBench";

const ACTIONS: Readonly<Record<Attribute, LabelAction>> = {
  centre_not_visible: "centreNotVisible",
  occluded: "occluded",
  difficult: "difficult",
};

/** What can be said of the box in hand besides its place. */
export function AttributeBar({ bench }: { readonly bench: Bench }) {
  const { t } = useTranslation("workbench");
  const keys = usePersonKeys().label;
  const { region } = bench.focus;
  const content = region ? bench.work.contents[region] : null;
  const boxed = content?.state === "boxed" ? content : null;
  const possible = bench.editable && bench.desk.boxInHand() !== null;
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
          onClick={() => bench.desk.attribute(attribute)}
        >
          {t(`attributes.${attribute}`)}
          <Key chord={keys[ACTIONS[attribute]][0]} />
        </button>
      ))}
    </div>
  );
}
