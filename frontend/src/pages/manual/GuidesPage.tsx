import { SegmentedControl } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useNavigate, useParams } from "react-router";

import { useSession } from "../../api/session";
import { DocumentPage } from "./DocumentPage";
import { GUIDES, GUIDE_NAMES, type GuideName } from "./pages";

/** /guides/:guide#section: docs/guides; without a name the one for what this person does. */
export function Component() {
  const { t } = useTranslation("manual");
  const navigate = useNavigate();
  const { guide } = useParams();
  const roles = useSession().user?.roles ?? [];
  const shown = GUIDE_NAMES.find((name) => name === guide) ?? guideFor(roles);
  return (
    <DocumentPage
      name={shown}
      title={t(`guide.${shown}`)}
      texts={GUIDES[shown]}
      above={
        <SegmentedControl
          className="no-print"
          mb="lg"
          aria-label={t("guides")}
          value={shown}
          onChange={(name) => void navigate(`/guides/${name}`)}
          data={GUIDE_NAMES.map((name) => ({ value: name, label: t(`for.${name}`) }))}
        />
      }
    />
  );
}

const CLINICAL = ["labeller", "reader", "adjudicator", "reviewer"];

function guideFor(roles: readonly string[]): GuideName {
  if (roles.some((role) => CLINICAL.includes(role))) return "clinicians";
  return roles.includes("researcher") ? "researchers" : roles.includes("administrator") ? "administrators" : "clinicians";
}
