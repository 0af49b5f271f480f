import { SID } from '../sids.ts';
import { aclOf } from './online/machine-key-access.ts';
import type { Session } from './session.ts';

const KNOWN = [
  SID.everyone,
  SID.authenticatedUsers,
  SID.users,
  SID.system,
  SID.networkService,
  SID.administrators,
] as const;
const GRANTS = [
  [SID.administrators, 'F'],
  [SID.system, 'F'],
  [SID.networkService, 'R'],
] as const;

/** Twin of `Repair-Permission` (`guest/lib/permissions.ps1`): ownership, the runbook's grants, denials. */
export function repairPermission(session: Session, path: string): void {
  const { files } = session.machine;
  const owner = aclOf(session.machine, path)?.owner ?? null;
  if (owner !== SID.administrators) {
    files.takeOwnership(path);
    session.act('take ownership', path, owner, SID.administrators);
  }
  for (const [sid, rights] of GRANTS) {
    files.grant(path, sid, rights);
    session.act('grant access', path, null, `*${sid}:${rights}`);
  }
  for (const sid of KNOWN) {
    if (!files.acl(path).entries.some((entry) => entry.type === 'deny' && entry.sid === sid)) continue;
    files.removeEntries(path, sid, 'deny');
    session.act('remove deny entry', path, sid);
  }
}
