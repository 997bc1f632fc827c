import { Avatar, Menu, Modal, Text, UnstyledButton } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconKey, IconLanguage, IconLogout, IconMoon, IconSun } from "@tabler/icons-react";
import { useComputedColorScheme, useMantineColorScheme } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { useKeepLanguage, useSession, useSignOut } from "../api/session";
import { currentLanguage, switchLanguage } from "../i18n";
import { OwnPasswordForm } from "../panels/OwnPasswordForm";

/** Who is signed in, with which roles, and the way out. */
export function AccountMenu() {
  const { t } = useTranslation();
  const { user } = useSession();
  const signOut = useSignOut();
  const keep = useKeepLanguage();
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme("light", { getInitialValueInEffect: false });
  const [asking, { open, close }] = useDisclosure(false);
  if (!user) return null;
  const other = currentLanguage() === "en" ? "zh-Hans" : "en";
  const name = user.display_name || user.username;

  function leave() {
    // A full load forgets everything that this person was shown.
    signOut.mutate(undefined, { onSettled: () => window.location.assign("/sign-in") });
  }

  return (
    <>
    <Menu position="bottom-end" width={240} shadow="md">
      <Menu.Target>
        <UnstyledButton aria-label={t("account.menu", { name })}>
          <Avatar size={32} radius="xl" color="teal" variant="light">
            {name.slice(0, 1).toUpperCase()}
          </Avatar>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <Text size="sm" fw={600} c="var(--mantine-color-text)">
            {name}
          </Text>
          <Text size="xs">{user.roles.map((role) => t(`role.${role}`)).join(" · ")}</Text>
        </Menu.Label>
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconLanguage size={16} aria-hidden />}
          lang={other}
          onClick={() => void switchLanguage(other).then(() => keep.mutate(other))}
        >
          {t("switch.otherLanguage")}
        </Menu.Item>
        <Menu.Item
          leftSection={scheme === "dark" ? <IconSun size={16} aria-hidden /> : <IconMoon size={16} aria-hidden />}
          onClick={() => setColorScheme(scheme === "dark" ? "light" : "dark")}
        >
          {scheme === "dark" ? t("switch.light") : t("switch.dark")}
        </Menu.Item>
        <Menu.Item leftSection={<IconKey size={16} aria-hidden />} onClick={open}>
          {t("password.title")}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={leave}>
          {t("account.signOut")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
    <Modal opened={asking} onClose={close} title={t("password.title")} closeButtonProps={{ "aria-label": t("action.close") }}>
      <OwnPasswordForm onDone={close} onCancel={close} />
    </Modal>
    </>
  );
}
