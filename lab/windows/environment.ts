const VARIABLES: Record<string, string> = {
  systemdrive: 'C:',
  systemroot: 'C:\\Windows',
  windir: 'C:\\Windows',
  programdata: 'C:\\ProgramData',
};

/** Expands environment variables as SYSTEM has them; unknown ones stay. */
export function expand(text: string): string {
  return text.replace(/%([^%]+)%/g, (whole, name: string) => VARIABLES[name.toLowerCase()] ?? whole);
}
