import fc from 'fast-check';
import { explain } from '../../../local/explain/explain.ts';
import { TERMINAL_SERVER } from '../../../shared/causes/listener.ts';
import { composeScript } from '../../../shared/guest/compose.ts';
import { factsSchema, type Facts } from '../../../shared/model/facts.ts';
import { plainName } from '../../../shared/repair/plain-name.ts';
import { commands, parsePowerShell } from '../../guest/lint/powershell.ts';
import { healthyFacts, onDisk, rule, rules, value } from '../../shared/causes/facts.ts';
import { deniedFacts } from '../../shared/guest/answers.ts';

/** What ends a string, begins a command, breaks a line or turns a text around. */
const WEAPONS = [
  `'; Start-Process calc #`,
  '\u2018; calc; \u2019',
  '\u201a; calc; \u201b',
  '\u201c$(calc)\u201d',
  '`$(calc)`',
  '"; & calc; "',
  'x\r\ncalc\r\n#',
  'x\ncalc',
  'x\u2028calc\u2029',
  "'@\ncalc\n@'",
  '\u202ecalc\u2066\u200f\u061c',
  '\u001b]0;calc\u0007',
  '%COMSPEC% | calc > x && calc',
  '\ud83d\ude08 \ud800',
  '<script>calc</script>',
];
const SET = 'ControlSet001';
const SCHANNEL = 'Control\\SecurityProviders\\SCHANNEL\\Protocols\\TLS 1.2\\Server';

/** A Windows whose every name is a weapon, with faults that quote them. */
function enemy(name: string): Facts {
  return deniedFacts(
    (facts) => {
      Object.assign(facts.windows, {
        name,
        computer: name.slice(0, 64),
        domain: name,
        agent: name,
        language: name.slice(0, 32),
      });
      facts.policies = {
        total: 1,
        items: [{ key: `SYSTEM\\CurrentControlSet\\${SCHANNEL}`, name: 'Enabled', gpo: name }],
        error: null,
      };
      facts.appliedPolicies = { total: 1, items: [name], error: null };
      facts.failedLogons = { total: 1, items: [{ source: name, count: 4000 }], error: null };
      facts.listeners.items = facts.listeners.items.map((one) => ({
        ...one,
        pid: 7,
        process: name,
        services: [name],
        canStop: true,
      }));
      facts.unread = [{ what: name.slice(0, 64), error: { code: 5, text: name } }];
      facts.owed = [name];
    },
    value(SCHANNEL, 'Enabled', 0),
    value(`${TERMINAL_SERVER}\\WinStations\\RDP-Tcp`, 'SecurityLayer', 0),
    value(`${TERMINAL_SERVER}\\WinStations\\RDP-Tcp`, 'LoadableProtocol_Object', name),
    value(`${TERMINAL_SERVER}\\WinStations`, 'SelfSignedCertStore', name),
    value('Services\\TermService', 'ObjectName', name),
    rules(
      rule(),
      rule({ name, fields: 'Action=Block|Active=TRUE|Dir=In|Protocol=6|LPort=3389' }),
      rule({
        name: `P${name}`,
        source: 'policy',
        fields: 'Action=Block|Active=TRUE|Dir=In|Protocol=6|LPort=3389',
      }),
    ),
  );
}

function words(facts: Facts): string {
  return explain(JSON.stringify(facts), { script: false, lun: undefined }).output;
}

function script(facts: Facts): string {
  return explain(JSON.stringify(facts), { script: true, lun: undefined }).output;
}

/** The script that an honest guest gets: only its first line may differ. */
const HONEST = script(deniedFacts());
const FIRST_LINE =
  /^\$Nonce = '[0-9a-f]{32}'; \$Scope = 'online'; \$Lun = ''; \$Copy = ''; \$Text = 'only'; \$Changes = '[A-Za-z0-9+/=]+'; \$Undo = ''; \$Recipe = ''; \$LookFirst = 'no'; \$Tested = 'no'$/;

function firstLine(text: string): string {
  return text.slice(0, text.indexOf('\n'));
}

function afterFirstLine(text: string): string {
  return text.slice(text.indexOf('\n'));
}

describe("an enemy's facts", () => {
  it.each(WEAPONS)('leave only letters, digits, blanks, dots, underscores and hyphens of %j', (weapon) => {
    const text = words(enemy(weapon));
    // The rest of the alphabet is that of our own sentences.
    expect(text).toMatch(/^[\n -~]+$/);
    expect(text).not.toContain(weapon);
    for (const line of text.split('\n')) expect(line).not.toMatch(/^\s*calc/);
    expect(text).not.toMatch(/[`$&<>|%@]/);
    expect(text.split('\n')[0]).toContain(`${plainName(weapon.slice(0, 64))}: ${plainName(weapon)}`);
  });

  it('are told: who reads must know that something is odd', () => {
    expect(words(enemy(`'; Start-Process calc #`))).toContain('__ Start-Process calc _');
  });

  it.each(WEAPONS)('do not come into the script, whatever it changes: %j', async (weapon) => {
    const text = script(enemy(weapon));
    expect(firstLine(text)).toMatch(FIRST_LINE);
    expect(afterFirstLine(text)).toBe(afterFirstLine(HONEST));
    const { root } = await parsePowerShell('first', firstLine(text));
    expect(commands(root)).toEqual([]);
    expect(root.hasError).toBe(false);
  });

  it('cannot name a control set that is none, or a time that is none', () => {
    for (const change of [{ sets: [`${SET}' ; calc`] }, { at: `2026-11-20T12:00:00Z'; calc` }])
      expect(() => words({ ...healthyFacts(onDisk), ...change })).toThrow('There is nothing to explain');
  });

  it('do neither for any text at all', () => {
    const text = fc.string({ unit: 'binary', maxLength: 200 });
    fc.assert(
      fc.property(text, (name) => {
        const facts = factsSchema.safeParse(enemy(name));
        if (!facts.success) return;
        expect(words(facts.data)).toMatch(/^[\n -~]+$/);
        expect(words(facts.data)).not.toMatch(/[`$&<>|%@]/);
        expect(firstLine(script(facts.data))).toMatch(FIRST_LINE);
        expect(afterFirstLine(script(facts.data))).toBe(afterFirstLine(HONEST));
      }),
      { numRuns: 60 },
    );
  });
});

describe('the script', () => {
  it('is apply as it is sent, but for its parameters', () => {
    const composed = composeScript('apply');
    const [parameters = ''] = /^\[CmdletBinding\(\)\][^]*?^\)\n/m.exec(composed) ?? [];
    expect(parameters).toContain('$Recipe');
    expect(afterFirstLine(HONEST)).toBe(`\n${composed.replace(parameters, '')}`);
  });
});
