import { allowedWrites, recipes, registryQuery } from '../../../scripts/generated/guest-constants.ts';
import { readCauses } from '../../../scripts/generated/causes.ts';
import { helpful, helpfulChanges } from '../../../shared/causes/evidence/helpful.ts';
import { EVIDENCE } from '../../../shared/causes/evidence/index.ts';
import { CAUSES } from '../../../shared/causes/index.ts';
import { causesOfStep, causeOf, diagnose, faultsOf, inOrder } from '../../../shared/causes/catalogue.ts';
import { changeSchema, type Change } from '../../../shared/model/change.ts';
import { CASES } from './cases/index.ts';
import { healthyFacts, key, lookAt, onDisk, part, twoSets, type Edit } from './facts.ts';

/** Every look of the tables: each fault on its own, in a running Windows, and the same on a disk with two control sets. */
const looks = CASES.flatMap(({ edits, done = [], options = {} }) => [
  lookAt(healthyFacts(...edits), { done, options }),
  lookAt(healthyFacts(onDisk, ...edits, twoSets), { done, options }),
]);

/** Whether a plain change is one of those that `guest/apply.ps1` would let through. */
function isAllowed(change: Change, domains: ReturnType<typeof allowedWrites>): boolean {
  if (change.do !== 'registry') return true;
  const { hive, path, name, after } = change;
  return domains.some(
    (domain) =>
      domain.hive === hive &&
      domain.path === path &&
      domain.name === name &&
      domain.after.some((data) => JSON.stringify(data) === JSON.stringify(after)),
  );
}

describe('what a cause gives', () => {
  it.each(CAUSES)('$id: changes that can be sent, within its own domains', ({ repair, writes }) => {
    for (const look of looks) {
      const changes = repair(look);
      for (const change of changes) expect(changeSchema.parse(change)).toEqual(change);
      expect(changes.filter((change) => !isAllowed(change, [...writes]))).toEqual([]);
      expect(changes.length).toBeLessThanOrEqual(64);
    }
  });

  it.each(CAUSES)('$id: nothing where it sees no fault', ({ detect, repair }) => {
    const faultless = looks.filter((look) => detect(look).every(({ severity }) => severity !== 'fault'));
    expect(faultless.length).toBeGreaterThan(0);
    expect(faultless.flatMap((look) => repair(look))).toEqual([]);
  });

  it.each(CAUSES)('$id: sets of changes that fit what is looked at', ({ repair }) => {
    for (const look of looks) {
      const sets = repair(look).flatMap((change) => ('set' in change ? [change.set] : []));
      const known = look.facts.scope === 'online' ? ['', 'CurrentControlSet'] : ['', ...look.facts.sets];
      expect(sets.filter((set) => !known.includes(set))).toEqual([]);
    }
  });

  it.each(CAUSES)('$id: reads every value that it writes', ({ reads, writes }) => {
    for (const { hive, path, name } of writes) {
      expect(
        reads.some((query) => query.hive === hive && query.path === path && query.names.includes(name)),
      ).toBe(true);
    }
  });

  it.each(CAUSES)('$id: words for people', ({ title, findings, words, repair }) => {
    for (const text of [title, ...Object.values(words)]) expect(text).toMatch(/^[A-Z`*"].*\S$/);
    expect(Object.keys(findings).every((code) => /^[A-Z][A-Za-z0-9]+$/.test(code))).toBe(true);
    expect(repair).toBeInstanceOf(Function);
  });

  it('no code belongs to two causes', () => {
    const codes = [...CAUSES, ...EVIDENCE].flatMap(({ findings }) => Object.keys(findings));
    expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual([]);
  });
});

describe('what cannot be read', () => {
  const paths = [...CAUSES, ...EVIDENCE].flatMap(({ reads }) => reads);
  const unread: Edit[] = paths.map(({ hive, path }) =>
    key(path, 'unread', hive === 'software' ? '' : undefined),
  );

  it('is told, and neither a fault nor "no fault"', () => {
    const look = lookAt(healthyFacts(...unread));
    const findings = diagnose(look);
    expect(faultsOf(findings)).toEqual([]);
    expect(findings).toContainEqual(
      expect.objectContaining({
        code: 'CheckFailed',
        severity: 'warning',
        data: expect.objectContaining({ count: expect.any(Number) }),
      }),
    );
    expect(CAUSES.flatMap(({ repair }) => repair(look))).toEqual([]);
  });

  it('is told with its error', () => {
    const error = { code: 0x8004_1010, text: 'invalid class' };
    const look = lookAt(healthyFacts(part({ unread: [{ what: 'handshake', error }] })));
    expect(diagnose(look)).toContainEqual(
      expect.objectContaining({
        code: 'CheckFailed',
        data: { check: 'handshake', error: 0x8004_1010, said: 'invalid class' },
      }),
    );
  });
});

describe('the constants of the guest scripts', () => {
  it('ask for each key once, and few enough of them', async () => {
    const query = registryQuery(await readCauses());
    const keys = query.map(({ hive, path }) => `${hive}\\${path}`.toLowerCase());
    expect(new Set(keys).size).toBe(keys.length);
    // Facts hold 256 keys, of two control sets.
    expect(keys.length).toBeLessThan(100);
    for (const { names } of query) expect(names.length).toBeLessThanOrEqual(64);
  });

  it('never let the port of RDP be written but as Windows has it', async () => {
    const port = allowedWrites(await readCauses()).find(({ name }) => name === 'PortNumber');
    expect(port?.after).toEqual([{ kind: 'DWord', data: 3389 }]);
  });

  it('hold recipes that are allowed themselves', async () => {
    const causes = await readCauses();
    const domains = allowedWrites(causes);
    for (const { changes } of recipes(causes)) {
      for (const change of changes) expect(changeSchema.parse(change)).toEqual(change);
      expect(changes.filter((change) => !isAllowed(change, domains))).toEqual([]);
    }
  });
});

describe('the catalogue', () => {
  it('orders causes as the runbook does, each once', () => {
    expect(inOrder(['tls', 'rdp-port', 'tls', 'rdp-denied', 'unheard-of'])).toEqual([
      'rdp-denied',
      'rdp-port',
      'tls',
    ]);
    expect(causesOfStep('tls', ['tls', 'rdp-port', 'rdp-security-layer'])).toEqual([
      'tls',
      'rdp-security-layer',
    ]);
    expect(() => causeOf('unheard-of')).toThrow('unheard-of');
  });
});

describe('what helps whoever looks at a mended disk', () => {
  const boot = (ems: string) =>
    part({ boot: [{ object: 'loader' as const, element: 'ems' as const, value: ems }] });

  it('is dumps in each control set, and the serial console', () => {
    const look = lookAt(healthyFacts(onDisk, twoSets, boot('false')));
    const changes = helpfulChanges(look);
    expect(changes.map(({ do: verb }) => verb)).toEqual([
      'Set-SerialConsole',
      ...Array.from({ length: 6 }, () => 'registry'),
    ]);
    expect(changes.filter((change) => !isAllowed(change, [...helpful.writes]))).toEqual([]);
    expect(helpful.detect(look).map(({ code, severity }) => `${severity} ${code}`)).toEqual([
      'info SerialConsoleOff',
      'info CrashDumpOff',
      'info CrashDumpOff',
    ]);
  });

  it('is nothing on a running Windows, or where the boot store could not be read', () => {
    expect(helpfulChanges(lookAt(healthyFacts(boot('false'))))).toEqual([]);
    const error = { code: 2, text: 'not found' };
    const look = lookAt(healthyFacts(onDisk, part({ unread: [{ what: 'boot', error }] })));
    expect(helpfulChanges(look).filter((change) => change.do !== 'registry')).toEqual([]);
  });
});
