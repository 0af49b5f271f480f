import { makeFleet } from '../../../lab/fleet/index.ts';
import type { GuestDisk } from '../../../lab/windows/disk.ts';
import type { ScriptOutcome } from '../../../lab/windows/guest.ts';
import { readAnswer } from '../../../shared/guest/read-answer.ts';
import type { Facts } from '../../../shared/model/facts.ts';
import { itWithPwsh } from '../../support/pwsh.ts';
import { eachOf } from '../../support/rows.ts';
import { ATTACKERS, LARGEST, largestDisk } from './largest.ts';
import { payloadOf } from '../support/answer.ts';
import { NOW } from '../support/guest.ts';
import { collectOffline, collectOnline, factsOf, NONCE } from './support.ts';

/** What Azure keeps of an output. */
const TAIL_BYTES = 4_096;
const EXPECTED = { nonce: NONCE, script: 'collect' } as const;

/** As the product gets it: from both tails, and from the whole output. */
function readBoth({ stdout, stderr }: ScriptOutcome): (Facts | null)[] {
  const tail = (text: string): string => Buffer.from(text).subarray(-TAIL_BYTES).toString('utf8');
  const tails = { stdoutTail: tail(stdout), stderrTail: tail(stderr) };
  return [tails, { ...tails, whole: stdout }].map((output) => readAnswer(output, EXPECTED).facts);
}

function expectReadable(outcome: ScriptOutcome): void {
  const [fromTails, fromWhole] = readBoth(outcome);
  expect(fromTails).toEqual(factsOf(outcome));
  expect(fromWhole).toEqual(fromTails);
}

const rows: string[] = [];

function note(name: string, online: ScriptOutcome | undefined, offline?: ScriptOutcome): void {
  const size = (outcome: ScriptOutcome | undefined): string =>
    (outcome ? String(payloadOf(outcome).length) : '-').padStart(8);
  rows.push(`${name.padEnd(36)}${size(online)}${size(offline)}`);
}

afterAll(() => {
  process.stdout.write(['characters of an answer'.padEnd(36) + '  online offline', ...rows, ''].join('\n'));
});

describe('the size of an answer', () => {
  const vms = makeFleet({ now: NOW }).filter(({ spec }) => spec.osType !== 'Linux');
  eachOf(vms, 4)('fits two tails: $spec.name', async ({ spec: { name, osDisk } }) => {
    const copy = (): GuestDisk => structuredClone(osDisk);
    const offline = (await collectOffline(copy(), 'model')).outcome;
    expectReadable(offline);
    const online = name === 'tls-agent-not-ready' ? undefined : await collectOnline(copy(), 'model');
    if (online) expectReadable(online);
    note(name, online, offline);
  });

  it('fits two tails: the largest Windows', async () => {
    const online = await collectOnline(largestDisk(), 'model', { attackers: ATTACKERS });
    const offline = (await collectOffline(largestDisk(), 'model')).outcome;
    for (const outcome of [online, offline]) expectReadable(outcome);
    expectTrueCounts(factsOf(online));
    note('largest', online, offline);
  });

  itWithPwsh('fits two tails: the largest Windows, in PowerShell', async () => {
    const online = await collectOnline(largestDisk(), 'pwsh', { attackers: ATTACKERS.slice(0, 12) });
    expectReadable(online);
    expectTrueCounts(factsOf(online));
    note('largest, in PowerShell', online);
  });
});

/** What was left out is still counted. */
function expectTrueCounts(facts: Facts): void {
  // Rules of RDP; keys of others and of RDP that every Windows here has, and the bound one.
  const [ownRules, otherKeys] = [3, 4];
  expect({
    certificates: facts.rdpCertificates.total,
    rules: facts.firewallRules.total,
    policies: facts.appliedPolicies.total,
    keys: facts.keys.files,
  }).toEqual({
    certificates: LARGEST.certificates,
    rules: LARGEST.blocking + ownRules,
    policies: LARGEST.policies,
    keys: LARGEST.keys + otherKeys,
  });
  expect(facts.failedLogons.total).toBeGreaterThan(facts.failedLogons.items.length);
  expect(facts.windows).toMatchObject({ language: 'de-DE', domain: 'zentrale.übersee-groß.example' });
}
