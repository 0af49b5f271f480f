import { MedicError } from '../../shared/errors.ts';
import { ACTIVITIES } from '../../shared/model/activity.ts';
import type { GuestAction } from '../../shared/model/finding.ts';
import { act, type Steps } from './durable.ts';
import type { Run } from './run.ts';

/**
 * A dynamic public address is another one after the VM was deallocated: RDP is asked there from now on. Gives back what changed.
 * @throws MedicError where the VM cannot be read.
 */
export function* learnAddresses(run: Run): Steps<GuestAction[]> {
  const { nics } = yield* act(run.context, ACTIVITIES.readNics, { vmId: run.vm.vmId });
  const before = new Map(run.vm.nics.map(({ id, publicAddress }) => [id, publicAddress]));
  run.vm = { ...run.vm, nics };
  return nics.flatMap(({ id, publicAddress }) => {
    const old = before.get(id) ?? null;
    return old === publicAddress
      ? []
      : [{ what: 'change-public-address', target: id, before: old, after: publicAddress }];
  });
}

/** As `learnAddresses`, on the way back, which must not fail for it. */
export function* learnAddressesIfPossible(run: Run): Steps<GuestAction[]> {
  try {
    return yield* learnAddresses(run);
  } catch (error) {
    if (!(error instanceof MedicError)) throw error;
    return [];
  }
}
