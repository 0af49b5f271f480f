import { ScriptError } from './answer.ts';
import { requireWmi } from './failure.ts';
import { begin, writeValue } from './journal.ts';
import { hiveKey, isOnline, noteWritten, type Run } from './run.ts';
import { readValue } from './values.ts';

/** Below a control set. */
export const RULES = 'Services\\SharedAccess\\Parameters\\FirewallPolicy\\FirewallRules';
export const RDP_RULES = ['RemoteDesktop-UserMode-In-TCP', 'RemoteDesktop-UserMode-In-UDP'] as const;

export type Field = 'active' | 'action' | 'port' | 'profile' | 'address' | 'off';

/** Tokens of a rule string that a field stands in. */
const TOKENS: Readonly<Record<Field, RegExp>> = {
  active: /^Active=/i,
  off: /^Active=/i,
  action: /^Action=/i,
  port: /^LPort(2_10)?=/i,
  profile: /^Profile=/i,
  address: /^RA[46]2?=/i,
};

/** A rule as stored; `undefined` where there is none of that name. Twin of `guest/lib/rules.ps1`. */
export function ruleText(run: Run, set: string, name: string): string | undefined {
  const value = readValue(run.machine, `${hiveKey(run, set)}\\${RULES}`, name);
  return value?.kind === 'String' && typeof value.data === 'string' ? value.data : undefined;
}

/** What a field of a rule says, without the token's name; several where there are several. */
export function fieldOf(rule: string, field: Field): string[] {
  return rule
    .split('|')
    .filter((token) => TOKENS[field].test(token))
    .map((token) => token.slice(token.indexOf('=') + 1));
}

export function isRight(rule: string, field: Field, port: number): boolean {
  const values = fieldOf(rule, field);
  switch (field) {
    case 'active':
      return values.join() === 'TRUE';
    case 'off':
      return values.join() === 'FALSE';
    case 'action':
      return values.join() === 'Allow';
    case 'port':
      return values.length === 0 || values.some((range) => includes(range, port));
    case 'profile':
    case 'address':
      return values.length === 0;
  }
}

function includes(range: string, port: number): boolean {
  const [, first, last = first] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(range) ?? [];
  return first !== undefined && port >= Number(first) && port <= Number(last);
}

/** What a field is to hold: '' for none (any). */
export function wantedOf(field: Field, port: number): string {
  return { active: 'TRUE', off: 'FALSE', action: 'Allow', port: String(port), profile: '', address: '' }[
    field
  ];
}

/** Sets a field: online by Windows' own command, offline in the rule as stored, all else of it as it was. */
export function setField(run: Run, set: string, name: string, field: Field, port: number): void {
  const rule = ruleText(run, set, name) ?? '';
  const before = fieldOf(rule, field).join(',');
  const after = wantedOf(field, port);
  if (!isOnline(run)) {
    writeValue(run, `${hiveKey(run, set)}\\${RULES}`, name, {
      kind: 'String',
      data: withField(rule, field, after),
    });
    return;
  }
  begin(run, ['what=firewall', `target=${name}`, `field=${field}`, `before=${before}`, `after=${after}`]);
  commandRule(run, name, field, after);
  noteWritten(run, `firewall-${field}`, name, before, after);
}

/** `Set-NetFirewallRule`, one field. */
export function commandRule({ machine }: Run, name: string, field: Field, value: string): void {
  // The command takes a pattern for a name.
  if (/[*?[\]]/.test(name)) throw new ScriptError('NameAmbiguous', 'the name of the rule is a pattern');
  requireWmi(machine);
  const list = value === '' ? [] : value.split(',');
  switch (field) {
    case 'active':
    case 'off':
      machine.firewall.set(name, { active: value.toUpperCase() === 'TRUE' });
      break;
    case 'action':
      machine.firewall.set(name, { action: value === 'Block' ? 'Block' : 'Allow' });
      break;
    case 'port':
      machine.firewall.set(name, { localPorts: list });
      break;
    case 'profile':
      machine.firewall.set(name, { profiles: list });
      break;
    case 'address':
      machine.firewall.set(name, { remoteAddresses: list });
  }
}

/** The rule with one token in the place of all of that field; '' takes them away. */
export function withField(rule: string, field: Field, value: string): string {
  const name = { active: 'Active', off: 'Active', action: 'Action', port: 'LPort', profile: '', address: '' }[
    field
  ];
  const tokens = rule.split('|');
  const first = tokens.findIndex((token) => TOKENS[field].test(token));
  const others = tokens.filter((token, index) => index === first || !TOKENS[field].test(token));
  const at = others.findIndex((token) => TOKENS[field].test(token));
  if (value === '') return others.filter((_, index) => index !== at).join('|');
  // Fields stand between the version and the empty end.
  if (at < 0) others.splice(-1, 0, `${name}=${value}`);
  else others[at] = `${name}=${value}`;
  return others.join('|');
}

/** Lets both rules of RDP pass its port, where they are and do not. UDP first: the TCP rule is what makes a fault. */
export function alignRules(run: Run, set: string, port: number): void {
  for (const name of RDP_RULES.toReversed()) {
    const rule = ruleText(run, set, name);
    if (rule !== undefined && !isRight(rule, 'port', port)) setField(run, set, name, 'port', port);
  }
}
