import { Button, Group, Tooltip } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconArchive, IconCheck, IconPhotoScan } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";

import { useRetireModel } from "../../api/models";
import { useStartRun } from "../../api/runs";
import { useSession } from "../../api/session";
import type { ModelVersion } from "../../api/types";
import { Failure } from "../../panels/Failure";
import { ActivateDialog } from "./ActivateDialog";

/** Makes a model the one that serves, past the release gate; lays it aside; or has it look at every film. */
export function ModelMoves({ model }: { model: ModelVersion }) {
  const { t } = useTranslation("models");
  const { has } = useSession();
  const [asking, { open, close }] = useDisclosure(false);
  const retire = useRetireModel(model.id);
  const infer = useStartRun();
  const navigate = useNavigate();
  if (!has("researcher") && !has("administrator")) return null;
  return (
    <Group gap="xs">
      {infer.isError && <Failure error={infer.error} />}
      {retire.isError && <Failure error={retire.error} />}
      {model.status !== "retired" && (
        <Tooltip label={t("infer.why")} multiline w={280}>
          <Button
            size="xs"
            variant="default"
            loading={infer.isPending}
            leftSection={<IconPhotoScan size={16} aria-hidden />}
            onClick={() =>
              infer.mutate(
                { kind: "infer", parameters: { model: model.id, cohort: null } },
                {
                  onSuccess: (run) => void navigate("parts" in run.parameters ? "/runs?kind=infer" : `/runs/${run.id}`),
                },
              )
            }
          >
            {t("infer.button")}
          </Button>
        </Tooltip>
      )}
      {model.status === "candidate" && (
        <Button
          size="xs"
          variant="default"
          loading={retire.isPending}
          leftSection={<IconArchive size={16} aria-hidden />}
          onClick={() => retire.mutate()}
        >
          {t("retire")}
        </Button>
      )}
      {model.status !== "active" && (
        <Button size="xs" leftSection={<IconCheck size={16} aria-hidden />} onClick={open}>
          {t("activate.button")}
        </Button>
      )}
      {asking && <ActivateDialog model={model} onClose={close} />}
    </Group>
  );
}
