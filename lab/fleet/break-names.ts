/** What a VM that runs can be broken by, each under the name of the cause that is found; `agent`: no script reaches the VM. */
export const BREAK_NAMES = [
  'rdp-denied',
  'rdp-listener',
  'term-service',
  'term-service-missing',
  'term-service-silent',
  'rdp-port',
  'rdp-firewall',
  'firewall-rule-scope',
  'firewall-block-rule',
  'crypto-services',
  'machine-keys',
  'machine-keys-missing',
  'rdp-certificate',
  'tls',
  'cipher-suites',
  'schannel-algorithms',
  'rdp-security-layer',
  'agent',
] as const;
export type BreakName = (typeof BREAK_NAMES)[number];

export function isBreakName(text: string): text is BreakName {
  return BREAK_NAMES.some((name) => name === text);
}
