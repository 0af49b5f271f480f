import type { ScriptModel } from '../model.ts';
import { scriptModel } from '../envelope.ts';
import type { Session } from '../session.ts';
import {
  closeOfflineGuest,
  newOfflineGuest,
  openOfflineGuest,
  type HiveFile,
  type OfflineGuest,
} from './offline-guest.ts';

type OfflinePhase = (session: Session, guest: OfflineGuest) => void;

/** What a script hands to `Invoke-OfflineRepair`. */
export interface OfflinePhases {
  hives: readonly HiveFile[];
  findFaults: OfflinePhase;
  repairFaults?: OfflinePhase;
}

/** Twin of `Invoke-OfflineRepair`: opens the Windows on a LUN, detects, repairs, detects again, closes. */
export function offlineModel(id: string, { hives, findFaults, repairFaults }: OfflinePhases): ScriptModel {
  return (machine, parameters) => {
    const guest = newOfflineGuest();
    return scriptModel(id, {
      prepare: (session) => {
        openOfflineGuest(machine, guest, lunOf(session), hives);
      },
      detect: (session) => {
        findFaults(session, guest);
      },
      ...(repairFaults && {
        repair: (session: Session) => {
          repairFaults(session, guest);
        },
      }),
      cleanup: () => {
        closeOfflineGuest(machine, guest);
      },
    })(machine, parameters);
  };
}

export function lunOf({ parameters }: Session): number {
  return Number(parameters['Lun']);
}
