/**
 * The keys of whoever is signed in, kept on this device: a key map suits a keyboard, and hospitals share workstations,
 * so it is kept apart for each person.
 */
import { useSyncExternalStore } from "react";

import { useSession } from "../api/session";
import { USUAL_KEYS, keysWith, stillPossible, type KeyChanges, type PersonKeys } from "../core/personKeys";

interface Kept {
  readonly changes: KeyChanges;
  readonly keys: PersonKeys;
}

const UNCHANGED: Kept = { changes: {}, keys: USUAL_KEYS };
const read = new Map<string, Kept>();
const listeners = new Set<() => void>();

const storageKey = (person: string): string => `boneage-keys-${person}`;

function keptFor(person: string | null): Kept {
  if (person === null) return UNCHANGED;
  let kept = read.get(person);
  if (!kept) {
    const changes = stillPossible(stored(person));
    kept = Object.keys(changes).length > 0 ? { changes, keys: keysWith(changes) } : UNCHANGED;
    read.set(person, kept);
  }
  return kept;
}

function stored(person: string): unknown {
  try {
    return JSON.parse(localStorage.getItem(storageKey(person)) ?? "{}");
  } catch {
    return {};
  }
}

function keep(person: string, changes: KeyChanges): void {
  read.set(person, { changes, keys: keysWith(changes) });
  try {
    if (Object.keys(changes).length > 0) localStorage.setItem(storageKey(person), JSON.stringify(changes));
    else localStorage.removeItem(storageKey(person));
  } catch {
    // A browser that keeps nothing has the person's keys until the page is closed.
  }
  listeners.forEach((listener) => listener());
}

function subscribe(listener: () => void): () => void {
  const elsewhere = (event: StorageEvent) => {
    if (!event.key?.startsWith(storageKey(""))) return;
    read.clear();
    listener();
  };
  listeners.add(listener);
  window.addEventListener("storage", elsewhere);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("storage", elsewhere);
  };
}

export function usePersonKeys(): PersonKeys {
  return useKept()[1].keys;
}

export function useKeyChanges(): readonly [KeyChanges, (changes: KeyChanges) => void] {
  const [person, kept] = useKept();
  return [kept.changes, (changes) => person !== null && keep(person, changes)];
}

function useKept(): readonly [string | null, Kept] {
  const person = useSession().user?.id ?? null;
  return [person === null ? null : String(person), useSyncExternalStore(subscribe, () => keptFor(person === null ? null : String(person)))];
}
