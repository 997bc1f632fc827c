import { AppShell, Burger, Group, Kbd, Text, UnstyledButton } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { Link, NavLink, Outlet, useLocation } from "react-router";

import { useSession } from "../api/session";
import { ResearchUseOnly, SyntheticBadge } from "../panels/badges";
import { UploadTray } from "../panels/upload/UploadTray";
import { AccountMenu } from "./AccountMenu";
import icon from "./icon.svg";
import { openPalette, Palette } from "./Palette";
import { placesFor, type Place } from "./navigation";
import { ColorSchemeSwitch, LanguageSwitch } from "./Switches";
import { WorkerStatus } from "./WorkerStatus";

const SECTIONS = ["work", "machine", "settings"] as const;

/** Side navigation by role, and a header with what must never be missed. */
export function Shell() {
  const { t } = useTranslation();
  const { user, site } = useSession();
  const [opened, { toggle, close }] = useDisclosure(false);
  const location = useLocation();
  useEffect(close, [location.pathname, close]);
  const places = placesFor(user?.roles ?? []);

  return (
    <AppShell
      header={{ height: 52 }}
      navbar={{ width: { base: 208, sm: 62, lg: 208 }, breakpoint: "sm", collapsed: { mobile: !opened } }}
      padding={0}
      transitionDuration={0}
    >
      <a className="skip-link" href="#main">
        {t("skip")}
      </a>
      <AppShell.Header px="md" style={{ borderColor: "var(--line)" }}>
        <Group h="100%" gap="sm" wrap="nowrap">
          <Burger opened={opened} onClick={toggle} hiddenFrom="lg" size="sm" aria-label={t("nav.open")} aria-expanded={opened} />
          <Brand />
          <PaletteButton />
          <Group gap={8} wrap="nowrap" ml="auto">
            {site?.demonstration && <SyntheticBadge />}
            <ResearchUseOnly />
            <Group gap={2} wrap="nowrap" visibleFrom="sm">
              <LanguageSwitch />
              <ColorSchemeSwitch />
            </Group>
            <AccountMenu />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p={12} style={{ borderColor: "var(--line)" }} aria-label={t("nav.label")} data-opened={opened || undefined}>
        <AppShell.Section grow>
          {SECTIONS.map((section) => (
            <NavSection key={section} section={section} places={places.filter((place) => place.section === section)} />
          ))}
        </AppShell.Section>
        <AppShell.Section>
          <WorkerStatus />
          <Text size="xs" c="dimmed" px={10} pt={4} className="nav-text">
            {t("version", { version: site?.version ?? "" })}
          </Text>
        </AppShell.Section>
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1} style={{ outline: "none" }}>
        <Outlet />
      </AppShell.Main>
      <Palette places={places} />
      <UploadTray />
    </AppShell>
  );
}

function Brand() {
  const { t } = useTranslation();
  return (
    <Group
      component={Link}
      gap={8}
      wrap="nowrap"
      w={{ base: "auto", sm: 192 }}
      style={{ textDecoration: "none", color: "inherit" }}
      {...{ to: "/" }}
    >
      <img src={icon} width={24} height={24} alt="" />
      <Text fw={650} size="sm" visibleFrom="xs" style={{ whiteSpace: "nowrap" }}>
        {t("product")}
      </Text>
    </Group>
  );
}

function PaletteButton() {
  const { t } = useTranslation();
  return (
    <UnstyledButton
      onClick={openPalette}
      visibleFrom="sm"
      px={10}
      py={5}
      miw={210}
      style={{ border: "1px solid var(--line)", borderRadius: 8, background: "var(--page)" }}
    >
      <Group gap={8} wrap="nowrap">
        <IconSearch size={15} aria-hidden />
        <Text size="sm" c="dimmed" style={{ flex: 1 }}>
          {t("palette.open")}
        </Text>
        <Kbd size="xs">Ctrl K</Kbd>
      </Group>
    </UnstyledButton>
  );
}

function NavSection({ section, places }: { section: Place["section"]; places: readonly Place[] }) {
  const { t } = useTranslation();
  if (places.length === 0) return null;
  return (
    <div>
      {section !== "work" && (
        <div className="nav-heading">
          <span className="nav-text">{t(`navSection.${section}`)}</span>
        </div>
      )}
      {places.map(({ key, path, icon: Icon }) => (
        <NavLink key={path} to={path} end={path === "/"} className="nav-link" title={t(`nav.${key}`)}>
          <Icon size={18} stroke={1.7} aria-hidden />
          <span className="nav-text">{t(`nav.${key}`)}</span>
        </NavLink>
      ))}
    </div>
  );
}
