import { scriptModel } from '../envelope.ts';
import { repairPermission } from '../permissions.ts';
import type { Session } from '../session.ts';
import { rdpCertificates, rdpKeyPath } from './certificate.ts';
import { MACHINE_KEYS } from './keys.ts';
import {
  findMachineKeyFault,
  isKeyPathUsable,
  otherKeysWithoutAccess,
  rdpKeyOpens,
} from './machine-key-access.ts';

const ASIDE = `${MACHINE_KEYS}-rdp-medic`;
/** Makes the private key of RDP usable again. */
export const machineKeysModel = scriptModel('online/machine-keys', {
  detect: findMachineKeyFault,
  async repair(session) {
    const { machine } = session;
    const rdpKey = rdpKeyPath(machine);
    if (!isKeyPathUsable(machine, MACHINE_KEYS)) repairPermission(session, MACHINE_KEYS);
    const hasKey = machine.files.peek(rdpKey);
    if (hasKey && !isKeyPathUsable(machine, rdpKey)) repairPermission(session, rdpKey);
    for (const path of otherKeysWithoutAccess(machine)) repairPermission(session, path);
    if (hasKey && !rdpKeyOpens(machine)) moveDamagedKey(session);
    await session.restartService('SessionEnv');
    await session.restartService('TermService');
  },
});

function moveDamagedKey(session: Session): void {
  const { files, certificates } = session.machine;
  for (const { thumbprint, state, selfSigned } of rdpCertificates(session.machine)) {
    if (!selfSigned || state !== 'good') continue;
    certificates.remove('Remote Desktop', thumbprint);
    session.act('delete certificate', thumbprint, 'its key is damaged');
  }
  const from = rdpKeyPath(session.machine);
  if (!files.exists(ASIDE)) files.makeDirectory(ASIDE);
  const first = `${ASIDE}\\${from.slice(MACHINE_KEYS.length + 1)}`;
  const to = files.exists(first) ? `${first}.${String(files.list(ASIDE).length)}` : first;
  files.move(from, to);
  session.act('move damaged key aside', from, null, to);
}
