import { Alert, Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";

import { useSignIn } from "../api/session";
import { useErrorText } from "../panels/errorText";

/** Name and password; the same form on the sign-in page and in the dialog over a page whose session ended. */
export function SignInForm({ username, onSignedIn }: { username?: string | undefined; onSignedIn: () => void }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const signIn = useSignIn();
  const [name, setName] = useState(username ?? "");
  const [password, setPassword] = useState("");

  function submit(event: FormEvent) {
    event.preventDefault();
    signIn.mutate({ username: name.trim(), password }, { onSuccess: onSignedIn, onError: () => setPassword("") });
  }

  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        {signIn.isError && (
          <Alert role="alert" color="red" variant="light" icon={<IconAlertTriangle aria-hidden />}>
            {errorText(signIn.error)}
          </Alert>
        )}
        <TextInput
          label={t("signIn.username")}
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          required
          {...(username ? {} : { "data-autofocus": true, autoFocus: true })}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <PasswordInput
          label={t("signIn.password")}
          autoComplete="current-password"
          required
          {...(username ? { "data-autofocus": true } : {})}
          visibilityToggleButtonProps={{ "aria-label": t("signIn.showPassword") }}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <Button type="submit" size="md" loading={signIn.isPending}>
          {t("signIn.submit")}
        </Button>
      </Stack>
    </form>
  );
}
