/**
 * Gestures that the server has not acknowledged, kept in the browser: a closed tab loses none.
 *
 * Each is a row of its own, so that two tabs on one film never write over what the other keeps.
 */
import type { PendingOperation } from "../../core/operations";
import type { OperationStore } from "../../core/workSession";

const DATABASE = "boneage-workbench";
const VERSION = 2;
const TABLE = "operations";

interface Row {
  readonly boxSet: string;
  readonly id: string;
  readonly operation: PendingOperation;
}

let opened: Promise<IDBDatabase> | null = null;

function open(): Promise<IDBDatabase> {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, VERSION);
    request.onupgradeneeded = () => {
      [...request.result.objectStoreNames].forEach((name) => request.result.deleteObjectStore(name));
      request.result.createObjectStore(TABLE, { keyPath: ["boxSet", "id"] });
    };
    request.onsuccess = () => {
      request.result.onversionchange = () => {
        request.result.close();
        opened = null;
      };
      resolve(request.result);
    };
    request.onerror = () => reject(request.error ?? new Error("IndexedDB cannot be opened"));
    // A tab with an older version of this page still holds it: work goes on without, rather than not at all.
    request.onblocked = () => reject(new Error("IndexedDB is held by another tab"));
  });
  opened.catch(() => {
    opened = null;
  });
  return opened;
}

const ofBoxSet = (boxSet: string) => IDBKeyRange.bound([boxSet], [boxSet, []]);

/** In the order in which they were made. */
const inOrder = (rows: readonly Row[]): PendingOperation[] =>
  rows
    .map((row) => row.operation)
    .sort((one, other) => one.seq - other.seq || one.made_at.localeCompare(other.made_at));

export const browserOperationStore: OperationStore = {
  async load(boxSet) {
    try {
      const database = await open();
      return await new Promise((resolve, reject) => {
        const request: IDBRequest<Row[]> = database.transaction(TABLE).objectStore(TABLE).getAll(ofBoxSet(boxSet));
        request.onsuccess = () => resolve(inOrder(request.result));
        request.onerror = () => reject(request.error ?? new Error("IndexedDB refused"));
      });
    } catch {
      // Private windows may keep nothing: then there is nothing to bring back.
      return [];
    }
  },
  async change(boxSet, kept, gone) {
    const database = await open();
    return new Promise((resolve, reject) => {
      const transaction = database.transaction(TABLE, "readwrite", { durability: "strict" });
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error ?? new Error("IndexedDB refused"));
      const table = transaction.objectStore(TABLE);
      gone.forEach((id) => table.delete([boxSet, id]));
      kept.forEach((operation) => table.put({ boxSet, id: operation.id, operation } satisfies Row));
      // Now, not once the answers have come back to this tab, which may be closed before.
      transaction.commit();
    });
  },
};
