import { Button, Group, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useActivateCalibration, useCalibrations, useFitCalibration, useRetireCalibration } from "../../api/results";
import { useSession } from "../../api/session";
import type { Calibration } from "../../api/types";
import { useFormat } from "../../i18n/format";
import { AskReason } from "../../panels/AskReason";
import { ModelStatusBadge } from "../../panels/badges";
import { Card } from "../../panels/Card";
import { Failure } from "../../panels/Failure";

/** The site's own correction of this model: fitted on approved cases, measured on cases it had not seen, kept apart. */
export function LocalCorrection({ model }: { model: string }) {
  const { t } = useTranslation("references");
  const { has } = useSession();
  const may = (has("researcher") || has("administrator")) && !has("reader");
  const rows = useCalibrations(model, may);
  const fit = useFitCalibration(model);
  if (!may) return null;
  return (
    <Card
      title={t("local.title")}
      intro={t("local.intro")}
      tools={
        <Button size="compact-xs" variant="default" loading={fit.isPending} onClick={() => fit.mutate(undefined)}>
          {t("local.fit")}
        </Button>
      }
    >
      <Stack gap="md">
        {fit.isError && <Failure error={fit.error} />}
        {rows.isError && <Failure error={rows.error} retry={() => void rows.refetch()} />}
        {rows.data?.length === 0 && (
          <Text size="sm" c="dimmed">
            {t("local.none")}
          </Text>
        )}
        {rows.data?.map((row) => <Correction key={row.id} row={row} model={model} />)}
      </Stack>
    </Card>
  );
}

function Correction({ row, model }: { row: Calibration; model: string }) {
  const { t } = useTranslation("references");
  const { t: common } = useTranslation();
  const { dateTime, number, signed } = useFormat();
  const [asking, setAsking] = useState(false);
  const activate = useActivateCalibration(model);
  const retire = useRetireCalibration(model);
  return (
    <section>
      <Group gap="sm" mb={4}>
        <ModelStatusBadge status={row.status} />
        <Text size="xs" c="dimmed">
          {dateTime(row.fitted_at)}
        </Text>
        {row.status === "active" && (
          <Button size="compact-xs" variant="default" loading={retire.isPending} onClick={() => retire.mutate(row.id)}>
            {t("local.retire")}
          </Button>
        )}
        {row.status === "candidate" && (
          <Button size="compact-xs" variant="default" onClick={() => setAsking(true)}>
            {t("local.activate")}
          </Button>
        )}
      </Group>
      <table className="table">
        <thead>
          <tr>
            {(["sex", "n", "line", "before", "after"] as const).map((name) => (
              <th key={name} scope="col" className={name === "sex" ? undefined : "number"}>
                {t(`local.${name}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {Object.entries(row.lines).map(([sex, line]) => {
            const measured = row.measured[sex];
            return (
              <tr key={sex}>
                <td>{common(`sex.${sex as "F" | "M"}`)}</td>
                <td className="number">{line.n}</td>
                <td className="number">{`${signed(line.intercept_months, 1)} + ${number(line.slope, 3)} × …`}</td>
                <td className="number">{measured && t("local.error", { mae: number(measured.before.mae_months, 1), bias: signed(measured.before.bias_months, 1) })}</td>
                <td className="number">{measured && t("local.error", { mae: number(measured.after.mae_months, 1), bias: signed(measured.after.bias_months, 1) })}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {retire.isError && <Failure error={retire.error} />}
      <AskReason
        opened={asking}
        onClose={() => setAsking(false)}
        title={t("local.activate")}
        text={t("local.why")}
        confirm={t("local.activate")}
        pending={activate.isPending}
        error={activate.error}
        onConfirm={(reason) => activate.mutate({ id: row.id, reason }, { onSuccess: () => setAsking(false) })}
      />
    </section>
  );
}
