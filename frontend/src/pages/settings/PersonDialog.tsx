import { Button, Checkbox, Group, Modal, PasswordInput, Stack, Switch, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";

import { useSavePerson, type PersonEdit } from "../../api/people";
import { ROLES, type ManagedPerson, type Role } from "../../api/types";
import { Failure } from "../../panels/Failure";

/** A new account, or the name, roles and state of one that exists. */
export function PersonDialog({ person, onClose }: { person: ManagedPerson | null; onClose: () => void }) {
  const { t } = useTranslation("settings");
  const { t: common } = useTranslation();
  const save = useSavePerson(person?.id ?? null);
  const [username, setUsername] = useState(person?.username ?? "");
  const [displayName, setDisplayName] = useState(person?.display_name ?? "");
  const [roles, setRoles] = useState<Role[]>(person?.roles ?? []);
  const [active, setActive] = useState(person?.is_active ?? true);
  const [password, setPassword] = useState("");

  function submit(event: FormEvent) {
    event.preventDefault();
    const edit: PersonEdit = { display_name: displayName.trim(), roles, is_active: active };
    if (!person) edit.username = username.trim();
    if (password) edit.password = password;
    save.mutate(edit, { onSuccess: onClose });
  }

  return (
    <Modal
      opened
      onClose={onClose}
      title={person ? t("people.editWho", { name: person.username }) : t("people.add")}
      closeButtonProps={{ "aria-label": common("action.close") }}
    >
      <form onSubmit={submit}>
        <Stack gap="md">
          {!person && (
            <TextInput
              label={common("signIn.username")}
              required
              autoComplete="off"
              autoCapitalize="none"
              value={username}
              onChange={(event) => setUsername(event.currentTarget.value)}
            />
          )}
          <TextInput
            label={t("people.displayName")}
            value={displayName}
            onChange={(event) => setDisplayName(event.currentTarget.value)}
          />
          <Checkbox.Group
            label={t("people.roles")}
            description={t("people.rolesWhy")}
            value={roles}
            onChange={(value) => setRoles(value as Role[])}
          >
            <Stack gap={8} mt={8}>
              {ROLES.map((role) => (
                <Checkbox key={role} value={role} label={common(`role.${role}`)} description={t(`roleText.${role}`)} />
              ))}
            </Stack>
          </Checkbox.Group>
          {!person && (<PasswordInput
            label={common("signIn.password")}
            description={t("people.firstPasswordWhy")}
            required
            autoComplete="new-password"
            visibilityToggleButtonProps={{ "aria-label": common("signIn.showPassword") }}
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />)}
          {person && (
            <Switch
              label={t("people.mayEnter")}
              checked={active}
              onChange={(event) => setActive(event.currentTarget.checked)}
            />
          )}
          {save.isError && <Failure error={save.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {common("action.cancel")}
            </Button>
            <Button type="submit" loading={save.isPending} disabled={!person && (!username.trim() || !password)}>
              {t("save")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
