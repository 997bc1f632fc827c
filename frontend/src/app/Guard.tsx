import { Center, Container, Loader, Modal, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Navigate, Outlet, useLocation } from "react-router";

import { onSignedOut } from "../api/client";
import { useSessionQuery } from "../api/session";
import type { SignedInPerson } from "../api/types";
import { isLanguage, switchLanguage } from "../i18n";
import { Failure } from "../panels/Failure";
import { UploadProvider } from "../panels/upload/UploadContext";
import { ChoosePassword } from "./ChoosePassword";
import { OfflineBanner } from "./OfflineBanner";
import { SignInForm } from "./SignInForm";

/** Lets signed-in people through. Who was signed in and no longer is keeps the page and is asked over it. */
export function Guard() {
  const { t } = useTranslation();
  const location = useLocation();
  const session = useSessionQuery();
  const user = session.data?.user ?? null;
  const [known, setKnown] = useState<SignedInPerson | null>(user);
  if (user && user.id !== known?.id) setKnown(user);

  useEffect(() => {
    if (user && isLanguage(user.language)) void switchLanguage(user.language);
    // Only when another person appears: a switch made here must not be undone by an older answer.
    // The stored language of the account wins once, at sign-in.
  }, [user?.id]);

  if (session.isPending) {
    return (
      <Center h="100vh">
        <Loader aria-label={t("loading")} />
      </Center>
    );
  }
  if (session.isError && !session.data) {
    return (
      <Container size="sm" pt={120}>
        <Failure error={session.error} retry={() => void session.refetch()} />
      </Container>
    );
  }
  if (!user && !known) {
    const next = location.pathname + location.search;
    return <Navigate to={next === "/" ? "/sign-in" : `/sign-in?next=${encodeURIComponent(next)}`} replace />;
  }
  if (user?.must_change_password) return <ChoosePassword />;
  return (
    <UploadProvider>
      <OfflineBanner />
      <Outlet />
      {known && <SignInAgain person={known} sessionEnded={user === null} />}
    </UploadProvider>
  );
}

function SignInAgain({ person, sessionEnded }: { person: SignedInPerson; sessionEnded: boolean }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [refused, setRefused] = useState(false);
  useEffect(() => onSignedOut(() => setRefused(true)), []);

  async function signedIn() {
    const session = client.getQueryData<{ user: SignedInPerson | null }>(["session"]);
    if (session?.user && session.user.id !== person.id) {
      // Somebody else now: nothing that the first person was shown may stay on the screen.
      window.location.assign("/");
      return;
    }
    setRefused(false);
    await client.invalidateQueries();
  }

  return (
    <Modal
      opened={refused || sessionEnded}
      onClose={() => {}}
      withCloseButton={false}
      closeOnEscape={false}
      closeOnClickOutside={false}
      title={t("signIn.againTitle")}
      zIndex={1000}
    >
      <Text size="sm" c="dimmed" mb="md">
        {t("signIn.againText")}
      </Text>
      <SignInForm username={person.username} onSignedIn={() => void signedIn()} />
    </Modal>
  );
}
