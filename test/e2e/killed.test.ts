import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LAB_GROUP_ID, startLab, type Lab } from '../../lab/arm/start-lab.ts';
import { createScaledClock } from '../../lab/clock/scaled.ts';
import { fleetVm, makeImages } from '../../lab/fleet/index.ts';
import { createGuestFactory } from '../../lab/windows/factory.ts';
import { ADMIN_ADDRESS, labSettings } from '../../local/stage.ts';
import { madeName } from '../../shared/azure/made-resource.ts';
import { storageAccount } from '../support/storage.ts';
import { stateOf } from './support/end-states.ts';
import { ended, kill, startHostProcess, startRemediation, type Host } from './support/host-process.ts';

/** Lab time against real time; the lab outlives the host, as Azure does. */
const RATE = 60;
const time = { epoch: Date.now(), startedAtRealMs: Date.now(), rate: RATE };

let lab: Lab;
let folder: string;
let settings: Record<string, string>;
const hosts: ChildProcess[] = [];

/** Moments of an offline repair, told by what stands in Azure: where the process is killed. */
const MOMENTS: Record<string, (name: string) => boolean> = {
  'while the rescue VM is built': () => made('rescue-nic') > 0,
  'while the repair is rehearsed': () => isAttached('rehearsal-disk'),
  'while the copy is repaired': () => isAttached('repair-disk'),
  'while the disk is swapped and the VM starts': (name) => osDiskOf(name).includes('repair-disk'),
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rdp-medic-'));
  const clock = createScaledClock(time);
  lab = await startLab({
    clock,
    guests: createGuestFactory({ engine: 'model' }),
    probeSource: ADMIN_ADDRESS,
    fleet: async (empty) => {
      empty.addImage(...makeImages());
      for (const index of Object.keys(MOMENTS).keys()) {
        const { spec } = fleetVm('tls-agent-not-ready', { now: clock.now() });
        await empty.addVm({ ...spec, name: `patient-${String(index)}` });
      }
    },
  });
  const policy = { limits: { coolDownMinutes: 0, attemptsPerDay: 100 } };
  settings = labSettings(lab, { folder, storage: storageAccount(7), policy });
});

afterAll(async () => {
  for (const child of hosts) await kill(child);
  await lab.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('a host that is killed in the middle of an offline repair, and started again', () => {
  it.each(Object.keys(MOMENTS).map((moment, index) => ({ moment, name: `patient-${String(index)}` })))(
    '$moment, ends as if nothing had happened',
    async ({ moment, name }) => {
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
      expect(everMade(id)).toEqual({ virtualMachines: 1, disks: 2, snapshots: 2, networkInterfaces: 1 });
      await kill(second.process);
    },
    120_000,
  );
});

function osDiskOf(name: string): string {
  return lab.vm(name).properties.storageProfile?.osDisk?.managedDisk?.id ?? '';
}

function isAttached(role: string): boolean {
  return lab.store.virtualMachines
    .within(LAB_GROUP_ID)
    .flatMap((vm) => vm.properties.storageProfile?.dataDisks ?? [])
    .some(({ managedDisk }) => managedDisk?.id?.includes(role));
}

function made(role: string): number {
  return lab.resources().filter(({ tags }) => tags?.['rdp-medic-role'] === role).length;
}

/** How many resources of each type were ever asked for under a name of this remediation. */
function everMade(remediationId: string): Record<string, number> {
  const prefix = madeName({ remediationId }, 'snapshot').replace(/snapshot$/, '');
  const names = new Map<string, Set<string>>();
  for (const { method, path } of lab.requests()) {
    const [, type = '', name = ''] =
      /\/(virtualMachines|disks|snapshots|networkInterfaces)\/([^/]+)$/i.exec(path) ?? [];
    if (method === 'PUT' && name.startsWith(prefix))
      names.set(type, (names.get(type) ?? new Set()).add(name));
  }
  return Object.fromEntries([...names].map(([type, known]) => [type, known.size]));
}

async function startHost(): Promise<Host> {
  const host = await startHostProcess(join(folder, 'durable.sqlite'), settings, time);
  hosts.push(host.process);
  return host;
}
