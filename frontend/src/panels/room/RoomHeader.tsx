import { Tooltip } from "@mantine/core";
import { IconArrowLeft } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { LanguageSwitch } from "../../app/Switches";

interface Props {
  readonly title: string;
  readonly synthetic: boolean;
  /** Where the way out leads; home when left out. */
  readonly back?: { readonly to: string; readonly label: string } | undefined;
  readonly children?: ReactNode;
  readonly right?: ReactNode;
}

/** The one line above the film: where one is, what must never be missed, and the way out. */
export function RoomHeader({ title, synthetic, back, children, right }: Props) {
  const { t } = useTranslation("workbench");
  const out = back ?? { to: "/", label: t("label.home") };
  return (
    <header className="room-header">
      <Tooltip label={out.label}>
        <Link to={out.to} aria-label={out.label} data-testid="room-home">
          <IconArrowLeft size={18} aria-hidden />
        </Link>
      </Tooltip>
      <h1>{title}</h1>
      {synthetic && (
        <span className="room-badge" data-kind="synthetic">
          {t("badges.synthetic")}
        </span>
      )}
      <span className="room-badge" data-kind="research">
        {t("badges.research")}
      </span>
      {children}
      <span className="room-space" />
      {right}
      <LanguageSwitch />
    </header>
  );
}
