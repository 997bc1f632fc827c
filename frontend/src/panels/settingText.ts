/** A setting as a person writes it, and back: words as they are, numbers, `true`, lists in brackets. */
export function settingText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** What a text means; a word that is no number, list or truth value stays a word. The server says if it does not fit. */
export function settingValue(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text.trim();
  }
}

/** Settings of a run: the preset's, with the run's own laid over them. */
export function settingsOf(
  presets: readonly { name: string; settings: Record<string, unknown> }[],
  parameters: Record<string, unknown>,
): Record<string, unknown> {
  const preset = presets.find(({ name }) => name === parameters["preset"]);
  const overrides = (parameters["overrides"] ?? {}) as Record<string, unknown>;
  return { ...preset?.settings, ...overrides };
}

/** Names whose values differ, in the order of the first. */
export function differing(first: Record<string, unknown>, second: Record<string, unknown>): string[] {
  const names = [...new Set([...Object.keys(first), ...Object.keys(second)])];
  return names.filter((name) => JSON.stringify(first[name]) !== JSON.stringify(second[name]));
}
