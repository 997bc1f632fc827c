/** Gestures that the server has not acknowledged, kept in the browser: a closed tab loses none. */
import type { PendingOperation } from "../../core/operations";
import type { OperationStore } from "../../core/workSession";

const DATABASE = "boneage-workbench";
const TABLE = "pending-operations";

let opened: Promise<IDBDatabase> | null = null;

function open(): Promise<IDBDatabase> {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(TABLE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("IndexedDB cannot be opened"));
  });
  opened.catch(() => {
    opened = null;
  });
  return opened;
}

async function within<T>(mode: IDBTransactionMode, act: (table: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const database = await open();
  return new Promise((resolve, reject) => {
    const request = act(database.transaction(TABLE, mode).objectStore(TABLE));
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("IndexedDB refused"));
  });
}

export const browserOperationStore: OperationStore = {
  async load(boxSet) {
    try {
      return ((await within("readonly", (table) => table.get(boxSet))) as PendingOperation[] | undefined) ?? [];
    } catch {
      // Private windows may keep nothing: then there is nothing to bring back.
      return [];
    }
  },
  async save(boxSet, pending) {
    await within<unknown>("readwrite", (table): IDBRequest => (pending.length > 0 ? table.put(pending, boxSet) : table.delete(boxSet)));
  },
};
