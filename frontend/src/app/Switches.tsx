import { ActionIcon, Button, Tooltip, useComputedColorScheme, useMantineColorScheme } from "@mantine/core";
import { IconMoon, IconSun } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { chooseBeforeSigningIn, useKeepLanguage, useSession } from "../api/session";
import { currentLanguage, switchLanguage, type Language } from "../i18n";

/** The other language, named in that language. */
export function LanguageSwitch() {
  const { t } = useTranslation();
  const { user } = useSession();
  const keep = useKeepLanguage();
  const other: Language = currentLanguage() === "en" ? "zh-Hans" : "en";

  async function change() {
    await switchLanguage(other);
    if (user) keep.mutate(other);
    else chooseBeforeSigningIn(other);
  }

  return (
    <Tooltip label={t("switch.language")}>
      <Button
        variant="subtle"
        color="gray"
        size="compact-sm"
        lang={other}
        // In a room the keys stay with the film, and do not switch back.
        onMouseDown={(event) => event.preventDefault()}
        onClick={() => void change()}
        aria-label={t("switch.language")}
        c="dimmed"
      >
        {t("switch.otherLanguage")}
      </Button>
    </Tooltip>
  );
}

export function ColorSchemeSwitch() {
  const { t } = useTranslation();
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme("light", { getInitialValueInEffect: false });
  const label = scheme === "dark" ? t("switch.light") : t("switch.dark");
  return (
    <Tooltip label={label}>
      <ActionIcon
        variant="subtle"
        color="gray"
        c="dimmed"
        size="lg"
        aria-label={label}
        onClick={() => setColorScheme(scheme === "dark" ? "light" : "dark")}
      >
        {scheme === "dark" ? <IconSun size={18} aria-hidden /> : <IconMoon size={18} aria-hidden />}
      </ActionIcon>
    </Tooltip>
  );
}
