/** Answers asked for before anything can use them: while the application itself is still on its way. */

import { address, type Query } from "./address";

/** Whoever has not come by then gets a fresh answer. */
const KEPT_MS = 10_000;

export const READING = { method: "GET", headers: { Accept: "application/json" }, credentials: "same-origin" } satisfies RequestInit;

const asked = new Map<string, { at: number; answer: Promise<Response> }>();

export function askAhead(path: string, query: Query = {}): void {
  const answer = fetch(address(path, query), READING);
  answer.catch(() => {}); // whoever takes it hears of it
  asked.set(address(path, query), { at: performance.now(), answer });
}

/** The answer that is on its way already, once; null: nobody asked ahead, or long ago. */
export function takeAhead(url: string): Promise<Response> | null {
  const found = asked.get(url);
  asked.delete(url);
  return found && performance.now() - found.at < KEPT_MS ? found.answer : null;
}

/** What was asked before somebody changed something, or signed in, is no answer afterwards. */
export const forgetAhead = (): void => asked.clear();
