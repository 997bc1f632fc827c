import { Button, Group, Menu, Text } from "@mantine/core";
import { IconChevronDown, IconDownload, IconShieldCheck, IconShieldX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { historyFile, useVerifyChain } from "../api/history";
import { useSession } from "../api/session";
import type { Chain } from "../api/types";
import { useFormat } from "../i18n/format";
import { Mark } from "./badges";
import { useErrorText } from "./errorText";

const FORMATS = ["csv", "json"] as const;

/** Verifies the hash chain of a history (a study's, or the site's), and takes it out as a file. */
export function ChainTools({ study }: { study: string | null }) {
  const { t } = useTranslation("history");
  const { has } = useSession();
  const errorText = useErrorText();
  const verify = useVerifyChain(study);
  return (
    <div>
      <Group gap={8}>
        <Button size="xs" variant="default" loading={verify.isPending} onClick={() => verify.mutate()} leftSection={<IconShieldCheck size={15} aria-hidden />}>
          {t("chain.verify")}
        </Button>
        {(has("researcher") || has("administrator")) && (
          <Menu shadow="md" transitionProps={{ duration: 0 }}>
            <Menu.Target>
              <Button size="xs" variant="default" leftSection={<IconDownload size={15} aria-hidden />} rightSection={<IconChevronDown size={13} aria-hidden />}>
                {t("chain.export")}
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              {FORMATS.map((format) => (
                <Menu.Item key={format} component="a" href={historyFile(study, format)} download>
                  {t(`chain.${format}`)}
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
        )}
      </Group>
      <div role="status" aria-live="polite" style={{ minHeight: 22, marginTop: 6 }} data-testid="chain">
        {verify.data && <Verdict chain={verify.data} />}
        {verify.isError && (
          <Text size="sm" c="var(--bad-text)">
            {errorText(verify.error)}
          </Text>
        )}
      </div>
    </div>
  );
}

function Verdict({ chain }: { chain: Chain }) {
  const { t } = useTranslation("history");
  const { number } = useFormat();
  if (chain.broken_at === null) {
    return (
      <Mark tone="good" icon={IconShieldCheck} plain>
        {chain.lines === null ? t("chain.holds") : t("chain.holdsLines", { count: chain.lines, shown: number(chain.lines) })}
      </Mark>
    );
  }
  return (
    <Mark tone="bad" icon={IconShieldX} plain>
      {chain.broken_at === 0 ? t("chain.broken") : t("chain.brokenAt", { line: number(chain.broken_at) })}
    </Mark>
  );
}
