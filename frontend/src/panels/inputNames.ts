import { useTranslation } from "react-i18next";

import type { Texts } from "../i18n";

type Known = keyof Texts["common"]["input"];

/** What a model looks at, in the person's language and in one line. */
export function useInputNames(): (inputs: readonly string[]) => string {
  const { t, i18n } = useTranslation();
  return (inputs) =>
    inputs.map((input) => (i18n.exists(`common:input.${input}`) ? t(`input.${input as Known}`) : input)).join(" · ");
}
