import { Code, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Navigate, useNavigate, useSearchParams } from "react-router";

import icon from "../../app/icon.svg";
import { SignInForm } from "../../app/SignInForm";
import { ColorSchemeSwitch, LanguageSwitch } from "../../app/Switches";
import { useSessionQuery } from "../../api/session";
import { ResearchUseOnly } from "../../panels/badges";
import { Failure } from "../../panels/Failure";
import { usePageTitle } from "../../panels/Page";
import classes from "./SignInPage.module.css";

const DEMONSTRATION = ["labeller", "reviewer", "reader1", "reader2", "adjudicator", "researcher", "admin"];
const DEMONSTRATION_PASSWORD = "boneage-demo";

/** Only paths of this application: an address of another site in `next` is never followed. */
export function safeNext(next: string | null): string {
  return next && /^\/(?![/\\])/.test(next) ? next : "/";
}

export function Component() {
  const { t } = useTranslation();
  usePageTitle(t("signIn.submit"));
  const session = useSessionQuery();
  const navigate = useNavigate();
  const [parameters] = useSearchParams();
  const next = safeNext(parameters.get("next"));
  if (session.data?.user) return <Navigate to={next} replace />;

  return (
    <main className={classes.page}>
      <Group className={classes.switches} gap={4}>
        <LanguageSwitch />
        <ColorSchemeSwitch />
      </Group>
      <Paper withBorder radius="lg" p="xl" w={400} maw="100%">
        <Stack gap="lg">
          <Group gap="sm" wrap="nowrap">
            <img src={icon} width={40} height={40} alt="" />
            <div>
              <Title order={1} fz={20}>
                {t("product")}
              </Title>
              <Text size="sm" c="dimmed">
                {t("signIn.intro")}
              </Text>
            </div>
          </Group>
          {session.isError ? (
            <Failure error={session.error} retry={() => void session.refetch()} />
          ) : (
            <SignInForm onSignedIn={() => void navigate(next, { replace: true })} />
          )}
          {session.data?.site.demonstration && <DemonstrationAccounts />}
        </Stack>
      </Paper>
      <Group mt="lg" justify="center">
        <ResearchUseOnly />
      </Group>
    </main>
  );
}

function DemonstrationAccounts() {
  const { t } = useTranslation();
  return (
    <div className={classes.demonstration}>
      <Text size="sm" fw={600} mb={4}>
        {t("signIn.demonstration")}
      </Text>
      <Group gap={6} mb={6}>
        {DEMONSTRATION.map((name) => (
          <Code key={name}>{name}</Code>
        ))}
      </Group>
      <Text size="sm">
        {t("signIn.password")} <Code>{DEMONSTRATION_PASSWORD}</Code>
      </Text>
    </div>
  );
}
