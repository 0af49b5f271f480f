import { sleep } from '../../../lab/clock/sleep.ts';
import { instanceIdOf } from '../../../shared/model/remediation-id.ts';
import type { Theatre } from './theatre.ts';

/** Longer than any repair, in milliseconds. */
const LONGEST = 2 * 3600 * 1000;

/** Whether a moment of an offline repair has come, by what stands in Azure. */
export type Moment = (theatre: Theatre, name: string) => boolean;

/** Moments of an offline repair, in their order. */
export const MOMENTS = {
  'while the rescue VM is built': (theatre, name) => made(theatre, name, 'rescue-nic') !== undefined,
  'while the repair is rehearsed': (theatre, name) => isAttached(theatre, name, 'rehearsal-disk'),
  'while the VM goes down': ({ stage }, name) => isAsked(stage.lab.requests(), name, 'POST', 'deallocate'),
  'while the copy is repaired': (theatre, name) => isAttached(theatre, name, 'repair-disk'),
  'while the disk is swapped': ({ stage }, name) => isAsked(stage.lab.requests(), name, 'PATCH', name),
  'while Windows boots from the repaired disk': ({ stage }, name) =>
    isAsked(stage.lab.requests(), name, 'POST', 'start'),
} as const satisfies Record<string, Moment>;

/** Does something at a moment of the repair of a VM; time waits meanwhile. */
export async function atMoment(
  theatre: Theatre,
  name: string,
  moment: Moment,
  act: () => Promise<unknown>,
): Promise<void> {
  const { clock } = theatre.stage.lab;
  for (let waited = 0; !moment(theatre, name); waited += 2000) {
    if (waited > LONGEST) throw new Error(`The moment has not come for ${name}.`);
    await sleep(clock, 2000);
  }
  const release = clock.hold();
  await act();
  release();
}

/** What a remediation of this VM made in this role. */
export function made({ stage }: Theatre, name: string, role: string) {
  const instance = instanceIdOf(stage.lab.vm(name).id.toLowerCase());
  return stage.lab
    .resources()
    .find(
      ({ tags }) =>
        tags?.['rdp-medic-role'] === role && tags['rdp-medic-remediation']?.startsWith(instance) === true,
    );
}

function isAttached(theatre: Theatre, name: string, role: string): boolean {
  const id = made(theatre, name, role)?.id;
  return id !== undefined && theatre.stage.lab.disk(id).managedBy !== undefined;
}

function isAsked(
  requests: readonly { method: string; path: string }[],
  name: string,
  method: string,
  last: string,
): boolean {
  const end = new RegExp(`/virtualMachines/${name}(/${last})?$`, 'i');
  return requests.some(
    (one) =>
      one.method === method && end.test(one.path) && one.path.toLowerCase().endsWith(last.toLowerCase()),
  );
}
