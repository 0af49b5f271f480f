import { disableAgent } from '../../lab/fleet/faults/settings.ts';
import { fleetVm } from '../../lab/fleet/index.ts';
import type { RemediationRecord } from '../../shared/model/record.ts';
import { openTheatre, type Theatre } from './support/theatre.ts';

const now = Date.now();

/** By then the snapshot is there, and RDP does not answer yet. */
const BEFORE_CLEAN_UP_MS = 45_000;

let theatre: Theatre;
beforeAll(async () => {
  theatre = await openTheatre(310, {
    fleet: [
      fleetVm('rdp-denied', { now }),
      fleetVm('open-to-internet', { now, faults: [disableAgent] }),
      fleetVm('rdp-firewall', { now }),
    ],
  });
});
afterAll(() => theatre.close());

/** The types of which a whole resource group was listed since the call of that number. */
function listedSince(first: number): string[] {
  return theatre.stage.lab
    .requests()
    .slice(first)
    .filter(({ method }) => method === 'GET')
    .flatMap(
      ({ path }) =>
        /\/providers\/[^/]+\/(virtualMachines|disks|snapshots|networkInterfaces)$/i.exec(path)?.[1] ?? [],
    )
    .sort();
}

/** Repairs it, and says which types were listed. */
async function remediated(name: string): Promise<{ record: RemediationRecord; listed: string[] }> {
  const first = theatre.stage.lab.requests().length;
  const record = await theatre.remediate(name);
  return { record, listed: listedSince(first) };
}

describe('clean-up', () => {
  it('asks for the one thing it made by its id, and lists no resource group: there may be hundreds of VMs in it', async () => {
    const { record, listed } = await remediated('rdp-denied');
    expect(record.outcome?.kind).toBe('repaired-online');
    expect(listed).toEqual([]);
    expect(record.cleanup).toMatchObject({ kept: [record.snapshot?.id], leftovers: [] });
    expect(theatre.leftovers()).toEqual([]);
  });

  it('looks for everything where a rescue VM was begun that nobody needed in the end', async () => {
    const { record, listed } = await remediated('open-to-internet');
    expect(record.outcome?.kind).toBe('repaired-online');
    expect(record.cleanup.removed.some((id) => id.endsWith('-rescue-vm'))).toBe(true);
    expect(new Set(listed)).toEqual(new Set(['disks', 'networkInterfaces', 'snapshots', 'virtualMachines']));
    expect(theatre.leftovers()).toEqual([]);
  });

  it('does not take for its own what bears another’s tags by now', async () => {
    const { store, clock } = theatre.stage.lab;
    const { tags } = theatre.stage.lab.vm('rdp-firewall');
    const before = new Set(store.snapshots.within('/'));
    const taken: string[] = [];
    clock.setTimer(clock.now() + BEFORE_CLEAN_UP_MS, () => {
      for (const snapshot of store.snapshots.within('/').filter((one) => !before.has(one))) {
        taken.push(snapshot.id);
        snapshot.tags = { ...tags, 'rdp-medic-remediation': 'of-another' };
      }
    });
    const { record } = await remediated('rdp-firewall');
    expect(taken).toEqual([record.snapshot?.id]);
    expect(record.cleanup).toMatchObject({ kept: [], removed: expect.not.arrayContaining(taken) });
    expect(store.snapshots.find(taken[0] ?? '')).toBeDefined();
  });
});
