import { setTimeout as sleep } from 'node:timers/promises';
import { labSettings } from '../../local/stage.ts';
import { madeName } from '../../shared/azure/made-resource.ts';
import { storageAccount } from '../support/storage.ts';
import { eachOf } from '../support/rows.ts';
import { stateOf } from './support/end-states.ts';
import { ended, kill, startRemediation, type Host } from './support/host-process.ts';
import { openOutlivingLab, type OutlivingLab } from './support/outliving-lab.ts';

/** Lab time against real time. */
const time = { epoch: Date.now(), startedAtRealMs: Date.now(), rate: 60 };

let outliving: OutlivingLab;
let settings: Record<string, string>;

/** Moments of an offline repair, told by what stands in Azure: where the process is killed. */
const MOMENTS: Record<string, (name: string) => boolean> = {
  'while the rescue VM is built': () => made('rescue-nic') > 0,
  'while the repair is rehearsed': () => outliving.isAttached('rehearsal-disk'),
  'while the copy is repaired': () => outliving.isAttached('repair-disk'),
  'while the disk is swapped and the VM starts': (name) => outliving.osDiskOf(name).includes('repair-disk'),
};

beforeAll(async () => {
  outliving = await openOutlivingLab(
    time,
    Object.keys(MOMENTS).map((_, index) => `patient-${String(index)}`),
  );
  const policy = { limits: { coolDownMinutes: 0, attemptsPerDay: 100 } };
  settings = labSettings(outliving.lab, {
    folder: outliving.folder,
    storage: storageAccount(7),
    policy,
  });
});

afterAll(() => outliving.close());

const startHost = (): Promise<Host> => outliving.startHost(settings, 'durable.sqlite');

describe('a host that is killed in the middle of an offline repair, and started again', () => {
  eachOf(
    Object.keys(MOMENTS).map((moment, index) => ({ moment, name: `patient-${String(index)}` })),
    4,
  )('$moment, ends as if nothing had happened', async ({ moment, name }) => {
    const { lab, osDiskOf } = outliving;
    const before = new Set(lab.resources().map(({ id }) => id));
    const original = osDiskOf(name);
    const first = await startHost();
    const id = await startRemediation(first, lab.vm(name).id);
    while (!MOMENTS[moment]?.(name)) await sleep(20);
    await kill(first.process);

    const second = await startHost();
    const record = await ended(second, id);

    expect(record.outcome).toMatchObject({ kind: 'repaired-offline' });
    expect(stateOf(lab.disk(osDiskOf(name)).content, lab.clock.now())).toMatchObject({
      tls12: true,
      groupPolicy: 2,
    });
    expect(lab.vm(name).power).toBe('running');
    expect(lab.disk(original).tags).toMatchObject({ 'rdp-medic-role': 'original-disk' });
    expect(record.cleanup.leftovers).toEqual([]);
    // No second rescue VM, disk or snapshot was ever made, and of the first ones only the way back is left.
    const left = lab.resources().filter(({ id: resource }) => !before.has(resource));
    expect(left.map(({ tags }) => tags?.['rdp-medic-role'] ?? 'in use').sort()).toEqual([
      'in use',
      'snapshot',
    ]);
    expect(everMade(id)).toEqual({ virtualMachines: 1, disks: 2, snapshots: 1, networkInterfaces: 1 });
    await kill(second.process);
  });
});

function made(role: string): number {
  return outliving.lab.resources().filter(({ tags }) => tags?.['rdp-medic-role'] === role).length;
}

/** How many resources of each type were ever asked for under a name of this remediation. */
function everMade(remediationId: string): Record<string, number> {
  const prefix = madeName({ remediationId }, 'snapshot').replace(/snapshot$/, '');
  const names = new Map<string, Set<string>>();
  for (const { method, path } of outliving.lab.requests()) {
    const [, type = '', name = ''] =
      /\/(virtualMachines|disks|snapshots|networkInterfaces)\/([^/]+)$/i.exec(path) ?? [];
    if (method === 'PUT' && name.startsWith(prefix))
      names.set(type, (names.get(type) ?? new Set()).add(name));
  }
  return Object.fromEntries([...names].map(([type, known]) => [type, known.size]));
}
