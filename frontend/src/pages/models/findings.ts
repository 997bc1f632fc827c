import { useTranslation } from "react-i18next";

import { isRegionId, regionName } from "../../core/regions";
import type { Texts } from "../../i18n";
import { useFormat } from "../../i18n/format";

type Known = keyof Texts["models"]["finding"];
const REGION = "region_worse_";

/** What speaks against a model, in words. */
export function useFindingText(): (finding: string) => string {
  const { t, i18n } = useTranslation("models");
  const { language } = useFormat();
  return (finding) => {
    const region = finding.startsWith(REGION) ? finding.slice(REGION.length) : "";
    if (isRegionId(region)) return t("finding.region_worse", { region: regionName(region, language) });
    return i18n.exists(`models:finding.${finding}`) ? t(`finding.${finding as Known}`) : finding;
  };
}
