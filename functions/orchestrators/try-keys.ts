import { MedicError } from '../../shared/errors.ts';
import { ACTIVITIES } from '../../shared/model/activity.ts';
import { complete, make, type Steps } from './durable.ts';
import { makerOf, mandateOf, type Run } from './run.ts';

/**
 * Right before the VM goes down: whether the keys of its disks work, without which Azure does not start it again. Nothing to try where Azure
 * keeps the keys. @throws MedicError `KeyUnavailable`.
 */
export function* tryKeys(run: Run): Steps<void> {
  const { vm, context } = run;
  if (!vm.osDisk) return;
  for (const diskEncryptionSetId of vm.diskEncryptionSetIds) {
    try {
      const diskId = vm.osDisk.id;
      const id = yield* make(context, ACTIVITIES.beginKeyCheck, {
        ...makerOf(run),
        diskId,
        diskEncryptionSetId,
      });
      yield* complete(context, ACTIVITIES.beginDeleteResource, { ...mandateOf(run), id });
    } catch (error) {
      if (!(error instanceof MedicError) || error.code !== 'OperationFailed') throw error;
      throw new MedicError(
        'KeyUnavailable',
        `No disk could be created with the key of ${diskEncryptionSetId}, so ${vm.name} might not start again. It was not taken down. ${error.message}`,
      );
    }
  }
}
