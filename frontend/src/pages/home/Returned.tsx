import { Anchor, Group, Stack, Text } from "@mantine/core";
import { IconArrowBackUp } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import type { Home } from "../../api/types";
import { Card } from "../../panels/Card";

/** What came back, and why. */
export function Returned({ returned }: { returned: NonNullable<Home["label"]>["returned"] }) {
  const { t } = useTranslation("home");
  return (
    <Card title={t("returned.title")} intro={t("returned.intro")}>
      <Stack gap="sm" component="ul" m={0} p={0} style={{ listStyle: "none" }}>
        {returned.map((item) => (
          <Group key={item.box_set} component="li" gap="sm" wrap="nowrap" align="flex-start">
            <IconArrowBackUp size={18} color="var(--warn-text)" aria-hidden style={{ flex: "none", marginTop: 2 }} />
            <Text size="sm" style={{ flex: 1 }}>
              {item.reason ?? t("returned.noReason")}
            </Text>
            <Anchor component={Link} to={`/label/${item.box_set}`} size="sm" fw={600}>
              {t("returned.open")}
            </Anchor>
          </Group>
        ))}
      </Stack>
    </Card>
  );
}
