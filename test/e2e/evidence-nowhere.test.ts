import { fleetVm } from '../../lab/fleet/index.ts';
import { expectNothingLeft } from './support/offline-repair.ts';
import { openTheatre, type Theatre } from './support/theatre.ts';
import { describeInRows } from '../support/rows.ts';

const now = Date.now();
const WAYS = [
  ['tls', 'repaired-online'],
  ['tls-agent-not-ready', 'repaired-offline'],
] as const;

let theatre: Theatre;
beforeAll(async () => {
  const settings = { RDP_MEDIC_EVIDENCE: 'none' };
  theatre = await openTheatre(150, { fleet: WAYS.map(([name]) => fleetVm(name, { now })), settings });
});
afterAll(() => theatre.close());

describeInRows('where the storage is an emulator on one machine, which no VM reaches', () => {
  it.each(WAYS)('%s is %s by the little that Azure keeps of an output', async (name, outcome) => {
    const record = await theatre.remediate(name);
    expect(record.outcome).toMatchObject({ kind: outcome });
    expect(await theatre.rdpOf(name)).toMatchObject({ state: 'healthy' });
    expectNothingLeft(theatre, record);
  });

  it('nothing is tried that cannot succeed, and no address of the emulator is told to anybody', () => {
    const runs = theatre.stage.lab
      .requests()
      .filter(({ method, path }) => method === 'PUT' && path.includes('/runCommands/'));
    expect(runs.length).toBeGreaterThan(3);
    expect(runs.filter(({ path }) => path.endsWith('-tail'))).toEqual([]);
  });
});
