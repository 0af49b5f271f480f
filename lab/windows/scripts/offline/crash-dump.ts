import type { Session } from '../session.ts';
import { dword } from '../values.ts';
import { controlSetName } from './offline-guest.ts';
import { offlineModel } from './offline-model.ts';

export const crashDump = offlineModel('offline/crash-dump', {
  hives: ['SYSTEM'],
  findFaults(session, guest) {
    for (const set of guest.controlSets) {
      const key = crashControl(set);
      const isOn =
        session.read(key, 'CrashDumpEnabled') === 1 &&
        session.read(key, 'NMICrashDump') === 1 &&
        hasDumpFile(session, key);
      if (!isOn)
        session.find('CrashDumpOff', 'a crash would leave no full memory dump', {
          data: { controlSet: controlSetName(set) },
        });
    }
  },
  repairFaults(session, guest) {
    for (const key of guest.controlSets.map(crashControl)) {
      if (!hasDumpFile(session, key))
        session.write(key, 'DumpFile', { type: 'REG_EXPAND_SZ', value: '%SystemRoot%\\MEMORY.DMP' });
      session.write(key, 'NMICrashDump', dword(1));
      session.write(key, 'CrashDumpEnabled', dword(1));
    }
  },
});

function crashControl(controlSet: string): string {
  return `${controlSet}\\Control\\CrashControl`;
}

function hasDumpFile(session: Session, key: string): boolean {
  return /\\MEMORY\.DMP$/i.test(String(session.read(key, 'DumpFile') ?? ''));
}
