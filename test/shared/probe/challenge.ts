import { challenge, type MachineNames } from '../../../lab/windows/rdp/ntlm.ts';
import { encodeTsRequest } from '../../../lab/windows/rdp/ts-request.ts';
import { NOW } from './ask.ts';

/** Everything that a current client asks for. */
const ASKED = 0xe2088235;

/** The NTLM challenge of a Windows Server 2022 outside of any domain, unless told. */
export function challengeToken(names: Partial<MachineNames>): Buffer {
  return challenge(ASKED, {
    netbios: 'VM-1',
    dns: 'vm-1',
    domain: undefined,
    build: 20348,
    now: NOW,
    ...names,
  });
}

/** The same as the server sends it, in a TSRequest. */
export function challengeOf(names: Partial<MachineNames>): Buffer {
  return encodeTsRequest({ version: 6, token: challengeToken(names) });
}
