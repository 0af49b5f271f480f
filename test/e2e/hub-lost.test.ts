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
import { TIMING } from '../../shared/repair/timing.ts';
import { storageAccount } from '../support/storage.ts';
import { ended, kill, startHostProcess, startRemediation, type Host } from './support/host-process.ts';

/** Lab time against real time; the lab outlives every host, as Azure does. */
const time = { epoch: Date.now(), startedAtRealMs: Date.now(), rate: 60 };
/** The next host is started when whoever carried the remediation on should long have signed again. */
const later = { ...time, epoch: time.epoch + (TIMING.signWithin + 3600) * 1000 };

let lab: Lab;
let folder: string;
let settings: Record<string, string>;
const hosts: ChildProcess[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rdp-medic-'));
  const clock = createScaledClock(time);
  lab = await startLab({
    clock,
    guests: createGuestFactory({ engine: 'model' }),
    probeSource: ADMIN_ADDRESS,
    fleet: async (empty) => {
      empty.addImage(...makeImages());
      for (const name of ['killed', 'slow']) {
        const { spec } = fleetVm('tls-agent-not-ready', { now: clock.now() });
        await empty.addVm({ ...spec, name });
      }
    },
  });
  settings = labSettings(lab, {
    folder,
    storage: storageAccount(68),
    policy: { limits: { coolDownMinutes: 0, attemptsPerDay: 100 } },
  });
});
afterAll(async () => {
  for (const child of hosts) await kill(child);
  await lab.close();
  rmSync(folder, { recursive: true, force: true });
});

async function startHost(state: string, clock = time): Promise<Host> {
  const host = await startHostProcess(join(folder, state), settings, clock);
  hosts.push(host.process);
  return host;
}

function osDiskOf(name: string): string {
  return lab.vm(name).properties.storageProfile?.osDisk?.managedDisk?.id ?? '';
}

/** Until the VM is down and its copy is being repaired. */
async function copyIsRepaired(): Promise<void> {
  const isAttached = (): boolean =>
    lab.store.virtualMachines
      .within(LAB_GROUP_ID)
      .flatMap((vm) => vm.properties.storageProfile?.dataDisks ?? [])
      .some(({ managedDisk }) => managedDisk?.id?.includes('repair-disk') === true);
  while (!isAttached()) await sleep(20);
}

function roles(): string[] {
  return lab
    .resources()
    .flatMap(({ tags }) => tags?.['rdp-medic-role'] ?? [])
    .sort();
}

describe('a task hub that is deleted in the middle of an offline repair, with its host', () => {
  it('costs nothing: the watchdog of a fresh host brings the VM up on its own disk', async () => {
    const original = osDiskOf('killed');
    const first = await startHost('first.sqlite');
    const id = await startRemediation(first, lab.vm('killed').id);
    await copyIsRepaired();
    await kill(first.process);
    expect(lab.vm('killed').power).toBe('deallocated');

    const second = await startHost('second.sqlite', later);
    const record = await ended(second, id);

    expect(record.outcome?.kind).toBe('failed');
    expect(record.errors.map(({ code }) => code)).toContain('InstanceLost');
    expect(record.owner.epoch).toBe(2);
    expect(lab.vm('killed').power).toBe('running');
    expect(osDiskOf('killed')).toBe(original);
    expect(record.cleanup.leftovers).toEqual([]);
    expect(roles()).toEqual(['snapshot']);
    await kill(second.process);
  }, 120_000);

  it('fences a host off that was slow only, and finds another at work when it wakes', async () => {
    const original = osDiskOf('slow');
    const slow = await startHost('slow.sqlite');
    const id = await startRemediation(slow, lab.vm('slow').id);
    await copyIsRepaired();
    slow.process.kill('SIGSTOP');

    const fresh = await startHost('fresh.sqlite', later);
    const record = await ended(fresh, id);
    expect(record.owner.epoch).toBe(2);
    expect(lab.vm('slow').power).toBe('running');

    const before = lab.requests().length;
    slow.process.kill('SIGCONT');
    // Many polls of it, by its own clock.
    await sleep(5000);
    const written = lab
      .requests()
      .slice(before)
      .filter(({ method }) => method !== 'GET');
    expect(written).toEqual([]);
    expect(lab.vm('slow').power).toBe('running');
    expect(osDiskOf('slow')).toBe(original);
    expect((await ended(fresh, id)).outcome).toEqual(record.outcome);
  }, 120_000);
});
