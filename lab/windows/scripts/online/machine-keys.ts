import { scriptModel } from '../envelope.ts';
import type { Session } from '../session.ts';
import { rdpCertificates, rdpKeyPath } from './certificate.ts';
import { MACHINE_KEYS } from './keys.ts';
import {
  aclOf,
  EVERYONE,
  findMachineKeyFault,
  isKeyPathUsable,
  otherKeysWithoutAccess,
  rdpKeyOpens,
  SID_ADMINISTRATORS,
  SID_NETWORK_SERVICE,
  SID_SYSTEM,
} from './machine-key-access.ts';

const ASIDE = `${MACHINE_KEYS}-rdp-medic`;
const GRANTS = [
  [SID_SYSTEM, 'F'],
  [SID_NETWORK_SERVICE, 'R'],
  [SID_ADMINISTRATORS, 'F'],
] as const;

/** Makes the private key of RDP usable again. */
export const machineKeysModel = scriptModel('online/machine-keys', {
  detect: findMachineKeyFault,
  async repair(session) {
    const { machine } = session;
    const rdpKey = rdpKeyPath(machine);
    if (!isKeyPathUsable(machine, MACHINE_KEYS)) repairPermission(session, MACHINE_KEYS);
    const hasKey = machine.files.exists(rdpKey);
    if (hasKey && !isKeyPathUsable(machine, rdpKey)) repairPermission(session, rdpKey);
    for (const path of otherKeysWithoutAccess(machine)) repairPermission(session, path);
    if (hasKey && !rdpKeyOpens(machine)) moveDamagedKey(session);
    await session.restartService('SessionEnv');
    await session.restartService('TermService');
  },
});

function repairPermission(session: Session, path: string): void {
  const { files } = session.machine;
  const owner = aclOf(session.machine, path)?.owner ?? null;
  if (owner !== SID_ADMINISTRATORS) {
    files.takeOwnership(path);
    session.act('take ownership', path, owner, SID_ADMINISTRATORS);
  }
  for (const sid of [...EVERYONE, SID_SYSTEM, SID_NETWORK_SERVICE, SID_ADMINISTRATORS]) {
    const isDenied = files.acl(path).entries.some((entry) => entry.sid === sid && entry.type === 'deny');
    if (!isDenied) continue;
    files.removeEntries(path, sid, 'deny');
    session.act('remove deny entry', path, sid);
  }
  for (const [sid, rights] of GRANTS) {
    files.grant(path, sid, rights);
    session.act('grant access', path, null, `*${sid}:${rights}`);
  }
}

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
  session.act('move damaged key aside', from, to);
}
