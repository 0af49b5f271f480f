import { fleetVm, type FleetVm } from '../../lab/fleet/index.ts';
import type { RemediationRecord } from '../../shared/model/record.ts';
import { expectNothingLeft } from './support/offline-repair.ts';
import { openTheatre, type Theatre } from './support/theatre.ts';

const now = Date.now();
const WAYS = [
  ['tls', 'repaired-online'],
  ['tls-agent-not-ready', 'repaired-offline'],
] as const;

let theatre: Theatre;
beforeAll(async () => {
  const closed = ([name]: readonly [string, string]): FleetVm => {
    const vm = fleetVm(name, { now });
    return { ...vm, spec: { ...vm.spec, withoutWayOut: true } };
  };
  theatre = await openTheatre(50, { fleet: WAYS.map(closed) });
});
afterAll(() => theatre.close());

const evidenceOf = ({ steps }: RemediationRecord) => steps.flatMap(({ evidence }) => evidence);
const runsOf = (script: string, record: RemediationRecord): number =>
  theatre.stage.lab
    .requests()
    .filter(({ method, path }) => method === 'PUT' && path.includes(`${record.id.slice(-22)}-${script}`))
    .length;

describe('a VM without a way to the storage account', () => {
  it.each(WAYS)('%s is %s all the same, and the report says what is missing', async (name, outcome) => {
    const record = await theatre.remediate(name);
    expect(record.outcome).toMatchObject({ kind: outcome });
    expect(await theatre.rdpOf(name)).toMatchObject({ state: 'healthy' });
    const outputs = evidenceOf(record).filter(({ name: what }) => what.includes('output'));
    expect(outputs.length).toBeGreaterThan(1);
    expect(
      outputs.filter(({ name: what }) => !what.includes('the VM cannot reach the storage account')),
    ).toEqual([]);
    // Each change was carried out by one run: only the look that found it out was had twice, on each VM.
    expect(runsOf('apply', record)).toBe(outputs.filter(({ name: what }) => what.startsWith('apply')).length);
    expectNothingLeft(theatre, record);
  });
});
