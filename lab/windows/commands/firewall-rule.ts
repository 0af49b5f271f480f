export const FIREWALL_RULES_KEY =
  'HKLM\\SYSTEM\\CurrentControlSet\\Services\\SharedAccess\\Parameters\\FirewallPolicy\\FirewallRules';

/** What `New-NetFirewallRule` writes for RDP's rule. */
export function newRule(protocol: number, port: number): string {
  return [
    'v2.31',
    'Action=Allow',
    'Active=TRUE',
    'Dir=In',
    `Protocol=${String(protocol)}`,
    `LPort=${String(port)}`,
    'App=%SystemRoot%\\system32\\svchost.exe',
    'Svc=termservice',
    'EmbedCtxt=@FirewallAPI.dll,-28752',
    '',
  ].join('|');
}
