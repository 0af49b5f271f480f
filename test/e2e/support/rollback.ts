import { sleep } from '../../../lab/clock/sleep.ts';
import type { RemediationRecord } from '../../../shared/model/record.ts';
import { stateUnder } from './end-states.ts';
import { requestFor } from './offline-repair.ts';
import type { Theatre } from './theatre.ts';

/** How long a repaired VM serves before somebody goes back, in milliseconds. */
export const SERVED = 3_600_000;

/** Repairs a VM offline, and lets it serve for a while. */
export async function repaired(
  theatre: Theatre,
  name: string,
  request = requestFor('swap'),
): Promise<RemediationRecord> {
  const record = await theatre.remediate(name, request);
  expect(record.outcome?.kind).toBe('repaired-offline');
  await sleep(theatre.stage.lab.clock, SERVED);
  return record;
}

/** Since when what was written is given up by going back, as the record names it. */
export function lossOf({ originalDisk }: RemediationRecord): string {
  return originalDisk?.wayBack?.writesSince ?? '';
}

/** Goes back from what a repair left, to the end. */
export function goBack(theatre: Theatre, repair: RemediationRecord): Promise<RemediationRecord> {
  return theatre.rollBack(repair.id, { acceptLoss: lossOf(repair), by: 'the day shift' });
}

/** Asks for a rollback that is refused. */
export async function refusalOf(
  { stage }: Theatre,
  repair: RemediationRecord,
  acceptLoss = lossOf(repair),
): Promise<unknown> {
  const answer = await stage.callAsApprover('POST', `/api/remediations/${repair.id}/rollback`, {
    acceptLoss,
  });
  return { status: answer.status, body: await answer.json() };
}

/** Watches, from now on, the calls of the service that switch this VM or give it another disk. */
export function watchDeeds({ stage }: Theatre, name: string): () => string[] {
  const since = stage.lab.requests().length;
  const onVm = new RegExp(`/virtualMachines/${name}(/(start|deallocate|restart))?$`, 'i');
  return () =>
    stage.lab
      .requests()
      .slice(since)
      .filter(({ method, path }) => method !== 'GET' && onVm.test(path))
      .map(({ method, path }) => `${method} ${path.split('/').at(-1) ?? ''}`);
}

/** The VM runs on its repaired disk, and the original is kept by whom it was kept before. */
export function expectStillRepaired(
  theatre: Theatre,
  name: string,
  repair: RemediationRecord,
  repairedDisk: string,
): void {
  expect(theatre.osDiskOf(name).id).toBe(repairedDisk);
  expect(theatre.stage.lab.vm(name).power).toBe('running');
  expect(stateUnder(theatre, name).tls12).toBe(true);
  expectKept(theatre, repair);
  expect(theatre.stage.lab.disk(repairedDisk).tags ?? {}).not.toHaveProperty('rdp-medic-role');
}

/** The disk that this remediation names as kept is tagged as that. */
export function expectKept({ stage }: Theatre, { id, originalDisk }: RemediationRecord): void {
  expect(stage.lab.disk(originalDisk?.id ?? '').tags).toMatchObject({
    'rdp-medic-role': 'original-disk',
    'rdp-medic-remediation': id,
    'rdp-medic-expires': originalDisk?.keptUntil,
  });
}
