import { Button, Group, Paper, Radio, Stack, Text, Title } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";

import { useStateFacts } from "../../api/studies";
import type { Sex, Study } from "../../api/types";
import { Failure } from "../../panels/Failure";

/** No sex, no age: asks for it; the server records who said it and asks the model again. Nothing is preselected. */
export function AskSex({ study }: { study: Study }) {
  const { t } = useTranslation("study");
  const { t: common } = useTranslation();
  const [sex, setSex] = useState<Sex | null>(null);
  const state = useStateFacts(study.id);
  const may = study.can.includes("set_facts");

  function submit(event: FormEvent) {
    event.preventDefault();
    if (sex) state.mutate({ sex });
  }

  return (
    <Paper withBorder radius="lg" p="md">
      <form onSubmit={submit}>
        <Stack gap="sm">
          <Title order={2} fz={16}>
            {t("askSex.title")}
          </Title>
          <Text size="sm" c="dimmed">
            {may ? t("askSex.text") : t("askSex.notYou")}
          </Text>
          {may && (
            <>
              <Radio.Group
                label={t("askSex.label")}
                value={sex}
                onChange={(value) => setSex(value as Sex)}
                required
              >
                <Group mt={6}>
                  <Radio value="F" label={common("sex.F")} />
                  <Radio value="M" label={common("sex.M")} />
                </Group>
              </Radio.Group>
              {state.isError && <Failure error={state.error} />}
              <Group>
                <Button type="submit" disabled={!sex} loading={state.isPending}>
                  {t("askSex.submit")}
                </Button>
              </Group>
            </>
          )}
        </Stack>
      </form>
    </Paper>
  );
}
