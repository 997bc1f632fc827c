import { useTranslation } from "react-i18next";

import { isRegionId, regionName } from "../../core/regions";
import type { Texts } from "../../i18n";
import { useFormat } from "../../i18n/format";

type Known = keyof Texts["models"]["finding"];
const REGION = "region_worse_";

/** What speaks against a model, in sentences; all regions that are found less often share one. */
export function useFindingTexts(): (findings: readonly string[]) => string[] {
  const { t, i18n } = useTranslation("models");
  const { language } = useFormat();
  return (findings) => {
    const regions = findings.map((finding) => finding.replace(REGION, "")).filter(isRegionId);
    const others = findings.filter((finding) => !isRegionId(finding.replace(REGION, "")));
    return [
      ...others.map((finding) =>
        i18n.exists(`models:finding.${finding}`) ? t(`finding.${finding as Known}`) : finding,
      ),
      ...(regions.length > 0
        ? [t("finding.region_worse", { regions: regions.map((region) => regionName(region, language)).join(t("finding.comma")) })]
        : []),
    ];
  };
}
