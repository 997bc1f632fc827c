import { IconBook2 } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { regionName, type RegionId } from "../core/regions";
import { manualAddress } from "./manual";

interface Props {
  readonly region?: RegionId | null;
  readonly className?: string;
}

/** Opens the labelling manual beside the work, at a region's section where one is in hand. */
export function ManualLink({ region = null, className }: Props) {
  const { t, i18n } = useTranslation("manual");
  const words = region ? t("openAt", { region: regionName(region, i18n.language) }) : t("open");
  return (
    <a className={className} href={manualAddress(region)} target="_blank" rel="noopener" title={t("newTab")} data-testid="manual-link">
      <IconBook2 size={15} stroke={1.7} aria-hidden /> {words}
    </a>
  );
}
