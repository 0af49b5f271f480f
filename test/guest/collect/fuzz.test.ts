import fc from 'fast-check';
import { healthyDisk } from '../../../lab/fleet/disk/healthy-disk.ts';
import { softwareHiveOf, systemHiveOf, windowsVolume } from '../../../lab/fleet/disk/edit.ts';
import { SERVER_2016, SERVER_2022 } from '../../../lab/fleet/disk/options.ts';
import { stableDiskIdentity } from '../../../lab/fleet/disk/stable-id.ts';
import { bindCertificate, giveCertificate, inTime } from '../../../lab/fleet/faults/certificate.ts';
import { storeKey } from '../../../lab/windows/certificates/store.ts';
import { MACHINE_KEYS } from '../../../lab/windows/certificates/store.ts';
import type { AccessEntry, GuestDisk, GuestFile, RegistryValue } from '../../../lab/windows/disk.ts';
import { FIREWALL_RULES } from '../../../lab/windows/firewall.ts';
import { deleteHiveKey, setHiveValue } from '../../../lab/windows/hive.ts';
import { SID } from '../../../lab/windows/sids.ts';
import { queryOf } from '../../../lab/windows/twins/constants.ts';
import { composeScript } from '../../../shared/guest/compose.ts';
import { factsSchema } from '../../../shared/model/facts.ts';
import { itWithPwsh } from '../../support/pwsh.ts';
import { NOW } from '../support/guest.ts';
import { collectOffline, collectOnline, comparable, factsOf } from './support.ts';

const RUNS = 15;
const RUNS_ONLINE = 6;
const SEED = Number(process.env['RDP_MEDIC_SEED'] ?? 20_261_126);
const QUERY = queryOf(composeScript('collect'));
const SETS = ['ControlSet001', 'ControlSet002'];

/** Any text: quotes of every kind, letters beyond the plane, marks that end a line. */
const anyText = fc.string({
  unit: fc.constantFrom(...Array.from('aZ09 \'"`$()|<>\\\n\r\t\u0000\u2019\u00e4\u0130'), '\ud83d\ude00'),
});
const hex = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString('hex'));

const anyValue: fc.Arbitrary<RegistryValue> = fc.oneof(
  fc.nat({ max: 0xffff_ffff }).map((value): RegistryValue => ({ type: 'REG_DWORD', value })),
  fc.maxSafeNat().map((value): RegistryValue => ({ type: 'REG_QWORD', value })),
  anyText.map((value): RegistryValue => ({ type: 'REG_SZ', value })),
  anyText.map((value): RegistryValue => ({ type: 'REG_EXPAND_SZ', value })),
  fc.array(anyText, { maxLength: 3 }).map((value): RegistryValue => ({ type: 'REG_MULTI_SZ', value })),
  hex.map((value): RegistryValue => ({ type: 'REG_BINARY', value })),
  hex.map((value): RegistryValue => ({ type: 'malformed', declared: 'REG_DWORD', value })),
);

const sids = [
  SID.system,
  SID.networkService,
  SID.administrators,
  SID.everyone,
  SID.users,
  'S-1-5-21-1-2-3-1001',
];
const anyEntry: fc.Arbitrary<AccessEntry> = fc.record({
  sid: fc.constantFrom(...sids),
  rights: fc.constantFrom('F', 'M', 'RX', 'R', 'W', 'RW'),
  type: fc.constantFrom('allow', 'deny'),
});
const anySecurity = fc.record({
  owner: fc.constantFrom(...sids),
  inherits: fc.boolean(),
  acl: fc.array(anyEntry, { maxLength: 4 }),
});

type Edit = (disk: GuestDisk) => void;

/** A value that the query asks for holds anything, or its key is gone. */
const queried: fc.Arbitrary<Edit> = fc
  .record({
    row: fc.constantFrom(...QUERY),
    set: fc.constantFrom(...SETS),
    value: fc.option(anyValue, { freq: 6, nil: undefined }),
    nth: fc.nat(),
  })
  .map(({ row, set, value, nth }) => (disk) => {
    const hive = row.hive === 'software' ? softwareHiveOf(disk) : systemHiveOf(disk);
    const key = row.hive === 'software' ? row.path : `${set}\\${row.path}`;
    if (value === undefined) deleteHiveKey(hive, key);
    else setHiveValue(hive, key, row.names[nth % row.names.length] ?? '', value);
  });

const guarded: fc.Arbitrary<Edit> = fc
  .record({ row: fc.constantFrom(...QUERY), refusal: fc.constantFrom('all', 'write') })
  .map(({ row, refusal }) => (disk) => {
    const wanted = row.hive === 'software' ? softwareHiveOf(disk) : systemHiveOf(disk);
    const file = Object.values(windowsVolume(disk).files).find(({ hive }) => hive === wanted);
    const key = row.hive === 'software' ? row.path : `ControlSet001\\${row.path}`;
    if (file) file.keyRefusals = { ...file.keyRefusals, [key]: refusal };
  });

const ruled: fc.Arbitrary<Edit> = fc
  .record({
    name: fc.oneof(
      fc.constant('RemoteDesktop-UserMode-In-TCP'),
      anyText.filter((text) => !/[\\\0]/.test(text)),
    ),
    fields: fc.shuffledSubarray([
      'Action=Block',
      'Action=Allow',
      'Active=TRUE',
      'active=true',
      'Dir=In',
      'LPort=1',
    ]),
    more: anyText,
    isPolicy: fc.boolean(),
  })
  .map(({ name, fields, more, isPolicy }) => (disk) => {
    const value: RegistryValue = { type: 'REG_SZ', value: `v2.31|${fields.join('|')}|${more}|` };
    if (isPolicy)
      setHiveValue(softwareHiveOf(disk), 'Policies\\Microsoft\\WindowsFirewall\\FirewallRules', name, value);
    else setHiveValue(systemHiveOf(disk), `ControlSet001\\${FIREWALL_RULES}`, name, value);
  });

const certified: fc.Arbitrary<Edit> = fc
  .record({
    store: fc.constantFrom('Remote Desktop', 'My'),
    thumbprint: fc.oneof(
      fc.constant('not hex'),
      fc.uint8Array({ minLength: 20, maxLength: 20 }).map((bytes) => Buffer.from(bytes).toString('hex')),
    ),
    head: fc.constantFrom('', '200000000100000004000000', '0200000001000000'),
    blob: hex,
  })
  .map(({ store, thumbprint, head, blob }) => (disk) => {
    const value: RegistryValue = { type: 'REG_BINARY', value: `${head}${blob}` };
    setHiveValue(softwareHiveOf(disk), `${storeKey(store)}\\${thumbprint}`, 'Blob', value);
  });

const secured: fc.Arbitrary<Edit> = fc
  .record({ nth: fc.nat(), security: anySecurity })
  .map(({ nth, security }) => (disk) => {
    const files = Object.entries(windowsVolume(disk).files).filter(([path]) => path.startsWith(MACHINE_KEYS));
    const file: GuestFile | undefined = files[nth % Math.max(1, files.length)]?.[1];
    if (file) Object.assign(file, structuredClone(security));
  });

const anyDisk: fc.Arbitrary<GuestDisk> = fc
  .record({
    generation: fc.constantFrom('V1', 'V2'),
    release: fc.constantFrom(SERVER_2016, SERVER_2022),
    language: fc.constantFrom('en-US', 'de-DE'),
    isBound: fc.boolean(),
    select: fc.tuple(fc.constantFrom(1, 2), fc.constantFrom(1, 2)),
    edits: fc.array(fc.oneof({ arbitrary: queried, weight: 4 }, guarded, ruled, certified, secured), {
      minLength: 5,
      maxLength: 25,
    }),
  })
  .map(({ generation, release, language, isBound, select: [current, standard], edits }) => {
    const identity = stableDiskIdentity(generation, 'fuzzed');
    const disk = healthyDisk({
      computerName: 'FUZZED',
      generation,
      release,
      language,
      identity,
      controlSets: [2, 1],
    });
    giveCertificate(disk, inTime(NOW));
    if (isBound) bindCertificate(disk, inTime(NOW));
    for (const edit of edits) edit(disk);
    const system = systemHiveOf(disk);
    setHiveValue(system, 'Select', 'Current', { type: 'REG_DWORD', value: current });
    setHiveValue(system, 'Select', 'Default', { type: 'REG_DWORD', value: standard });
    return disk;
  });

describe('a Windows that chance has made', () => {
  itWithPwsh('gives the same facts in PowerShell and in TypeScript, and is left the same', async () => {
    await fc.assert(
      fc.asyncProperty(anyDisk, async (disk) => {
        const disks = [structuredClone(disk), structuredClone(disk)] as const;
        const real = factsOf((await collectOffline(disks[0], 'pwsh')).outcome);
        const twin = factsOf((await collectOffline(disks[1], 'model')).outcome);
        expect(factsSchema.parse(real)).toEqual(twin);
        expect(disks[0]).toEqual(disks[1]);
      }),
      { numRuns: RUNS, seed: SEED, endOnFailure: true },
    );
  });

  itWithPwsh('tells the same of itself while it runs', async () => {
    await fc.assert(
      fc.asyncProperty(anyDisk, async (disk) => {
        const real = factsOf(await collectOnline(structuredClone(disk), 'pwsh'));
        const twin = factsOf(await collectOnline(structuredClone(disk), 'model'));
        expect(comparable(real)).toEqual(comparable(twin));
      }),
      { numRuns: RUNS_ONLINE, seed: SEED, endOnFailure: true },
    );
  });

  it('gives facts that keep every bound', async () => {
    await fc.assert(
      fc.asyncProperty(anyDisk, async (disk) => {
        factsSchema.parse(factsOf((await collectOffline(disk, 'model')).outcome));
      }),
      { numRuns: 100 },
    );
  });
});
