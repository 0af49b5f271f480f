import { DatabaseSync } from 'node:sqlite';

/**
 * Takes a lock that goes with its process, however that ends: SQLite's own, on a file of nothing else.
 * @returns what gives it back; `undefined` where another process has it
 */
export function takeLock(file: string): (() => void) | undefined {
  const lock = new DatabaseSync(file, { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch {
    lock.close();
    return undefined;
  }
  return () => {
    lock.close();
  };
}
