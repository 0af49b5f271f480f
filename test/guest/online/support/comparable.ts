import type { GuestDisk } from '../../../../lab/windows/disk.ts';

const THUMBPRINT = /\b[0-9A-F]{40}\b/gi;

/**
 * A value with what chance decides taken out: keys and certificates are made anew by each run, so their names
 * become `certificate-1` and so on in the order of appearance, and their content goes.
 */
export function comparable(value: unknown): unknown {
  const names = new Map<string, string>();
  const rename = (thumbprint: string): string => {
    const key = thumbprint.toUpperCase();
    const name = names.get(key) ?? `certificate-${String(names.size + 1)}`;
    names.set(key, name);
    return name;
  };
  const text = JSON.stringify(value, (name: string, child: unknown) => {
    if (name === 'Blob') return 'a certificate';
    return name === 'pem' ? 'a key' : child;
  });
  return JSON.parse(text.replace(THUMBPRINT, rename));
}

/** What lies on a disk, in a form that two engines must agree on. */
export function comparableDisk(disk: GuestDisk): unknown {
  return comparable(disk);
}
