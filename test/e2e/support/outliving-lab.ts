import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LAB_GROUP_ID, startLab, type Lab } from '../../../lab/arm/start-lab.ts';
import { createScaledClock, type ScaledTime } from '../../../lab/clock/scaled.ts';
import { fleetVm, makeImages } from '../../../lab/fleet/index.ts';
import { createGuestFactory } from '../../../lab/windows/factory.ts';
import { ADMIN_ADDRESS } from '../../../local/stage.ts';
import { kill, startHostProcess, type Host } from './host-process.ts';

/** A lab that outlives every host, as Azure does. */
export interface OutlivingLab {
  lab: Lab;
  /** For what hosts keep. */
  folder: string;
  /** Starts a host process by the lab's time, or another; its engine keeps its state in a file of this name. */
  startHost(settings: Record<string, string>, state: string, time?: ScaledTime): Promise<Host>;
  osDiskOf: (name: string) => string;
  /** Whether a disk that was made in this role is attached to a VM. */
  isAttached: (role: string) => boolean;
  /** Ends the hosts that are left, and the lab. */
  close(): Promise<void>;
}

/**
 * Starts one with VMs of these names.
 * @param model the VM of the fleet that each is like; one that can be repaired offline only, where left out
 */
export async function openOutlivingLab(
  time: ScaledTime,
  names: readonly string[],
  model = 'tls-agent-not-ready',
): Promise<OutlivingLab> {
  const folder = mkdtempSync(join(tmpdir(), 'rdp-medic-'));
  const hosts: ChildProcess[] = [];
  const clock = createScaledClock(time);
  const lab = await startLab({
    clock,
    guests: createGuestFactory({ engine: 'model' }),
    probeSource: ADMIN_ADDRESS,
    fleet: async (empty) => {
      empty.addImage(...makeImages());
      for (const name of names) await empty.addVm({ ...fleetVm(model, { now: clock.now() }).spec, name });
    },
  });
  return {
    lab,
    folder,
    async startHost(settings, state, by = time) {
      const host = await startHostProcess(join(folder, state), settings, by);
      hosts.push(host.process);
      return host;
    },
    osDiskOf: (name) => lab.vm(name).properties.storageProfile?.osDisk?.managedDisk?.id ?? '',
    isAttached: (role) =>
      lab.store.virtualMachines
        .within(LAB_GROUP_ID)
        .flatMap((vm) => vm.properties.storageProfile?.dataDisks ?? [])
        .some(({ managedDisk }) => managedDisk?.id?.includes(role) === true),
    async close() {
      for (const child of hosts) await kill(child);
      await lab.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
