import { scriptModel } from '../envelope.ts';
import { findAttachedDisk } from './attached-disk.ts';
import { dismountHive } from './offline-guest.ts';
import { lunOf } from './offline-model.ts';

/** Needs no Windows on the disk: it must work on any disk that was attached. */
export const releaseDisk = scriptModel('offline/release-disk', {
  detect(session) {
    const lun = lunOf(session);
    if (!findAttachedDisk(session.machine, lun).isOffline)
      session.find('DiskOnline', 'the disk is still online', { data: { lun } });
  },
  repair(session) {
    const { machine } = session;
    const lun = lunOf(session);
    const { number } = findAttachedDisk(machine, lun);
    for (const hive of ['SYSTEM', 'SOFTWARE'] as const) dismountHive(machine, hive);
    for (const partition of machine.storage.partitions(number)) {
      if (partition.letter === undefined) continue;
      if (partition.bitLocker !== 'locked') machine.storage.flush(partition.letter);
      machine.storage.removeLetter(number, partition.number);
    }
    machine.storage.setOffline(number);
    session.act('set disk offline', `LUN ${String(lun)}`, 'online', 'offline');
  },
});
