/** What one look has found. `unknown`: it could not be looked at, which is told and fails nothing. */
export interface Check {
  readonly name: string;
  readonly state: 'ok' | 'warning' | 'missing' | 'unknown';
  /** A sentence or two. */
  readonly says: string;
  /** How to mend it: sentences, or commands to copy; empty where nothing is to be mended. */
  readonly mend: readonly string[];
}

export function ok(name: string, says: string): Check {
  return { name, state: 'ok', says, mend: [] };
}

export function missing(name: string, says: string, ...mend: string[]): Check {
  return { name, state: 'missing', says, mend };
}

export function warning(name: string, says: string, ...mend: string[]): Check {
  return { name, state: 'warning', says, mend };
}

export function unknown(name: string, says: string, ...mend: string[]): Check {
  return { name, state: 'unknown', says, mend };
}
