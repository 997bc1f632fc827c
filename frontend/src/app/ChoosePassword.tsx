import { Container, Text, Title } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { OwnPasswordForm } from "../panels/OwnPasswordForm";

/** The only page for who signed in with a one-time password. */
export function ChoosePassword() {
  const { t } = useTranslation();
  const client = useQueryClient();
  return (
    <Container size={420} pt={90} component="main">
      <Title order={1} fz={22} mb={6}>
        {t("password.chooseTitle")}
      </Title>
      <Text size="sm" c="dimmed" mb="lg">
        {t("password.chooseText")}
      </Text>
      <OwnPasswordForm onDone={() => void client.invalidateQueries()} />
    </Container>
  );
}
