import { Alert, Button, Group, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconHourglass, IconSignature } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import type { StudyResult } from "../../api/types";
import { useFormat } from "../../i18n/format";
import { personName } from "../../panels/personName";
import { SectionTitle } from "./SectionTitle";
import { SignDialog } from "./SignDialog";
import classes from "./result.module.css";

/** Who signed what, the newest first, and the way to sign. Old versions stay as they were. */
export function Signatures({ result }: { result: StudyResult }) {
  const { t } = useTranslation("result");
  const { age, dateTime } = useFormat();
  const [opened, { open, close }] = useDisclosure(false);
  const may = result.can.includes("sign");
  if (!may && result.signatures.length === 0) return null;
  return (
    <section data-testid="signatures">
      <SectionTitle>{t("sign.section")}</SectionTitle>
      {result.signed?.outdated && (
        <Alert color="yellow" variant="light" icon={<IconHourglass aria-hidden />} mb="sm">
          {t("sign.outdated")}
        </Alert>
      )}
      {result.signatures.length === 0 ? (
        <Text size="sm" c="dimmed" mb={6}>
          {t("sign.none")}
        </Text>
      ) : (
        <ul className={classes.signatures}>
          {result.signatures.map((one) => (
            <li key={one.version}>
              <Text size="sm">
                <b>{age(one.bone_age_months)}</b> · {t(`basis.${one.basis}`)} · {t("sign.version", { version: one.version })}
              </Text>
              <Text size="xs" c="dimmed">
                {personName(one.signed_by)} · {dateTime(one.signed_at)}
              </Text>
              {one.reason && <Text size="xs">{one.reason}</Text>}
            </li>
          ))}
        </ul>
      )}
      {may && (
        <Group mt="sm" className="no-print">
          <Button size="xs" leftSection={<IconSignature size={16} aria-hidden />} onClick={open}>
            {t(result.signed ? "sign.again" : "sign.open")}
          </Button>
        </Group>
      )}
      {opened && <SignDialog result={result} opened={opened} onClose={close} />}
    </section>
  );
}
