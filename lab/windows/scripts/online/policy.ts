import type { Machine } from '../../machine.ts';

/** `Get-PolicySource`: name of the winning GPO of a true policy value. */
export function policySource({ policy }: Machine, key: string, name: string): string {
  const path = key.replace(/^HKLM\\/, '').toLowerCase();
  const [setting] = policy
    .rsop()
    .filter((value) => value.registryKey.toLowerCase() === path && value.valueName === name)
    .toSorted((a, b) => a.precedence - b.precedence);
  const gpo = setting && policy.appliedGpos().find(({ id }) => id === setting.gpoId);
  return gpo?.name ?? 'unknown';
}

/** `Get-TlsPolicy`: who may have set SCHANNEL. Preferences show in no resultant set: then all that are applied. */
export function tlsPolicy({ policy }: Machine): { gpo: string; certain: boolean } {
  const [setting] = policy
    .rsop()
    .filter(({ registryKey }) => registryKey.toLowerCase().endsWith('\\schannel\\protocols\\tls 1.2\\server'))
    .toSorted((a, b) => a.precedence - b.precedence);
  const applied = policy.appliedGpos();
  const named = setting ? applied.filter(({ id }) => id === setting.gpoId) : applied;
  return { gpo: named.map(({ name }) => name).join(', '), certain: setting !== undefined };
}
