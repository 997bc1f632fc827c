import { Button, Group, Paper, Radio, Stack, Text, Title } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";

import { call } from "../../api/client";
import type { Run, Sex, Study } from "../../api/types";
import { Failure } from "../../panels/Failure";

/** No sex, no age: asks for it, records who said it, and then asks the model. Nothing is preselected. */
export function AskSex({ study }: { study: Study }) {
  const { t } = useTranslation("study");
  const { t: common } = useTranslation();
  const client = useQueryClient();
  const [sex, setSex] = useState<Sex | null>(null);
  const state = useMutation({
    mutationFn: async (stated: Sex) => {
      if (study.sex !== stated) await call(`/studies/${study.id}/facts`, { body: { sex: stated } });
      return call<Run>(`/studies/${study.id}/predict`, { body: {} });
    },
    onSettled: () => client.invalidateQueries({ queryKey: ["study", study.id] }),
  });
  const may = study.can.includes("set_facts");

  function submit(event: FormEvent) {
    event.preventDefault();
    if (sex) state.mutate(sex);
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
