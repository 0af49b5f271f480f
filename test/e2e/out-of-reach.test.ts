import { fleetVm } from '../../lab/fleet/index.ts';
import { openTheatre, type Theatre } from './support/theatre.ts';

const now = Date.now();
/** Only an office is let in; the service does not exist. */
const OFFICE_ONLY = [
  {
    name: 'allow-rdp-office',
    priority: 300,
    access: 'Allow' as const,
    sources: ['203.0.113.0/24'],
    ports: ['3389'],
  },
];

let theatre: Theatre;
beforeAll(async () => {
  theatre = await openTheatre(18, {
    fleet: ['healthy', 'rdp-denied'].map((name) => {
      const vm = fleetVm(name, { now });
      return { ...vm, spec: { ...vm.spec, nsgRules: OFFICE_ONLY } };
    }),
  });
});
afterAll(() => theatre.close());

describe('a VM that the service cannot reach', () => {
  it('is left alone when RDP answers inside Windows', async () => {
    const disk = structuredClone(theatre.osDiskOf('healthy'));
    const record = await theatre.remediate('healthy');
    expect(record.probeAfter).toMatchObject({ state: 'filtered' });
    expect(record.outcome).toMatchObject({ kind: 'healthy' });
    expect(record.warnings.join(' ')).toContain('cannot be reached from this service');
    expect(record.steps.flatMap(({ actions }) => actions)).toEqual([]);
    expect(theatre.osDiskOf('healthy')).toEqual(disk);
    expect(theatre.leftovers()).toEqual([]);
  });

  it('is repaired through its agent, judged by Windows itself, and never taken offline for want of a route', async () => {
    const original = theatre.osDiskOf('rdp-denied').id;
    const record = await theatre.remediate('rdp-denied');
    expect(record.outcome).toMatchObject({ kind: 'repaired-online', causes: ['rdp-denied'] });
    expect(record.warnings.join(' ')).toContain('cannot be reached from this service');
    expect(record.steps.map(({ id }) => id)).not.toContain('offline-repair');
    expect(theatre.osDiskOf('rdp-denied').id).toBe(original);
    expect(theatre.leftovers()).toEqual([]);
  });
});
