import { createHash } from 'node:crypto';
import type { VerbChange } from '../../../../shared/model/change.ts';
import { FIREWALL_RULES_KEY, newRule } from '../../commands/firewall-rule.ts';
import { begin, writeValue } from '../journal.ts';
import { isRight, ruleText, RULES, setField, type Field } from '../rules.ts';
import { hiveKey, isOnline, noteWritten, type Run } from '../run.ts';

type SetFirewallRule = Extract<VerbChange, { do: 'Set-FirewallRule' }>;
type Word = 'stands' | 'set' | 'missing' | 'refused';

/** What makes a fault comes last: cut short before it, a rerun comes here again. */
const ORDER: readonly Field[] = ['off', 'address', 'profile', 'port', 'action', 'active'];

/** Twin of `guest/lib/verbs/set-firewall-rule.ps1`. */
export function setFirewallRule(run: Run, { set, rule, port, fields }: SetFirewallRule): Word {
  const name = typeof rule === 'string' ? rule : nameOf(run, set, rule.blocks);
  if (name === undefined) return 'missing';
  if (ruleText(run, set, name) === undefined) {
    if (typeof rule !== 'string' || !fields.includes('make')) return 'missing';
    make(run, set, name, port);
    return 'set';
  }
  const wrong = ORDER.filter(
    (field) => fields.includes(field) && !isRight(ruleText(run, set, name) ?? '', field, port),
  );
  for (const field of wrong) setField(run, set, name, field, port);
  const now = ruleText(run, set, name) ?? '';
  if (!wrong.every((field) => isRight(now, field, port))) return 'refused';
  return wrong.length > 0 ? 'set' : 'stands';
}

/** Names of rules that a guest chose never travel back into it: they come as hashes. */
function nameOf({ machine, windows }: Run, set: string, hash: string): string | undefined {
  const values = machine.registry.values(`HKLM\\${windows.system}\\${set}\\${RULES}`) ?? {};
  return Object.keys(values).find(
    (name) =>
      createHash('sha256').update(Buffer.from(name.toUpperCase(), 'utf16le')).digest('hex').toUpperCase() ===
      hash,
  );
}

function make(run: Run, set: string, name: string, port: number): void {
  const protocol = name.endsWith('TCP') ? 6 : 17;
  if (!isOnline(run)) {
    const rule = `v2.10|Action=Allow|Active=TRUE|Dir=In|Protocol=${String(protocol)}|LPort=${String(port)}|App=%SystemRoot%\\system32\\svchost.exe|Svc=termservice|Name=@FirewallAPI.dll,-28775|EmbedCtxt=@FirewallAPI.dll,-28752|`;
    writeValue(run, `${hiveKey(run, set)}\\${RULES}`, name, { kind: 'String', data: rule });
    return;
  }
  begin(run, ['what=firewall-made', `target=${name}`]);
  run.machine.registry.set(FIREWALL_RULES_KEY, name, { type: 'REG_SZ', value: newRule(protocol, port) });
  noteWritten(run, 'firewall-make', name, null, String(port));
}
