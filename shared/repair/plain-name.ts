const FOREIGN = /[^A-Za-z0-9 ._-]/gu;

/**
 * A name that a guest chose, for lines that people paste into an elevated shell: whatever a shell may read as more than a name
 * becomes `_`.
 */
export function plainName(name: string): string {
  return name.replace(FOREIGN, '_');
}
