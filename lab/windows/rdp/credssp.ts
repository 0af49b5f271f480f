import type { TLSSocket } from 'node:tls';
import { challenge, NTLM, readNtlm, type MachineNames } from './ntlm.ts';
import { unwrap, wrap } from './spnego.ts';
import { encodeTsRequest, parseTsRequest, tsRequestLength } from './ts-request.ts';

/** What Windows Server speaks since the update for CVE-2018-0886 ([MS-CSSP] 2.2.1). */
const VERSION = 6;
const STATUS_LOGON_FAILURE = 0xc000006d;

export interface CredSspServer {
  names(): MachineNames;
  /** Somebody has tried to log on, and could not. */
  onLogonFailure(): void;
}

/**
 * Network Level Authentication as a server: a NEGOTIATE is answered by a challenge, and no AUTHENTICATE is right,
 * for behind the lab's listeners there is no session to log on to. Anything else is hung up upon.
 */
export function serveCredSsp(secured: TLSSocket, server: CredSspServer): void {
  let received = Buffer.alloc(0);
  let challenged = false;
  const answer = (bytes: Buffer): void => {
    const request = parseTsRequest(bytes);
    const { message, wrapped } = unwrap(request?.token ?? Buffer.alloc(0));
    const ntlm = readNtlm(message);
    if (request && ntlm?.type === NTLM.negotiate && !challenged) {
      challenged = true;
      const token = challenge(ntlm.flags, server.names());
      secured.write(encodeTsRequest({ version: VERSION, token: wrapped ? wrap(token) : token }));
      return;
    }
    if (request && ntlm?.type === NTLM.authenticate && challenged) {
      server.onLogonFailure();
      if (isToldWhy(request.version)) {
        secured.end(encodeTsRequest({ version: VERSION, errorCode: STATUS_LOGON_FAILURE }));
        return;
      }
    }
    secured.destroy();
  };
  secured.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    const length = tsRequestLength(received);
    if (length === undefined || received.length < length) return;
    const bytes = received.subarray(0, length);
    received = received.subarray(length);
    answer(bytes);
  });
}

/** Versions 2 and 5 know no error code ([MS-CSSP] 2.2.1, `errorCode`). */
function isToldWhy(clientVersion: number): boolean {
  const spoken = Math.min(clientVersion, VERSION);
  return spoken >= 3 && spoken !== 5;
}
