import type { TLSSocket } from 'node:tls';
import type { Machine } from '../model/probe.ts';
import { decodeTsRequest, encodeTsRequest, tsRequestLength, type TsRequest } from './credssp.ts';
import { NlaError } from './nla-error.ts';
import { decodeChallenge, encodeNegotiate } from './ntlm.ts';

/**
 * NTSTATUS of a server whose policy takes no NTLM, which it says to the very first message (STATUS_NOT_SUPPORTED,
 * [MS-NLMP] 3.2.5.1.1; STATUS_NTLM_BLOCKED, [MS-ERREF] 2.3.1): NLA is well, with Kerberos alone.
 */
const TAKES_NO_NTLM = [0xc00000bb, 0xc0000418];

export type NlaAnswer =
  | { readonly kind: 'challenge'; readonly machine: Machine }
  /** It answers, and keeps its name to itself. */
  | { readonly kind: 'no-ntlm' };

/**
 * Begins Network Level Authentication ([MS-CSSP] 3.1.5): sends NTLM's first message and reads the challenge, which
 * names the server. There it ends: no account is named, so no logon is tried and none is logged.
 *
 * Rejects with `NlaError` where the answer is not one, and with the channel's error.
 */
export async function askWho(channel: TLSSocket): Promise<NlaAnswer> {
  channel.write(encodeTsRequest(encodeNegotiate()));
  const { token, errorCode } = await readTsRequest(channel);
  if (token) return { kind: 'challenge', machine: decodeChallenge(token) };
  if (errorCode === undefined) throw new NlaError('its answer carries neither a challenge nor an error');
  if (TAKES_NO_NTLM.includes(errorCode)) return { kind: 'no-ntlm' };
  throw new NlaError(`it refuses with status 0x${errorCode.toString(16).toUpperCase().padStart(8, '0')}`);
}

async function readTsRequest(channel: TLSSocket): Promise<TsRequest> {
  let seen = Buffer.alloc(0);
  const chunks: AsyncIterable<Buffer> = channel.iterator({ destroyOnReturn: false });
  for await (const chunk of chunks) {
    seen = Buffer.concat([seen, chunk]);
    const length = tsRequestLength(seen);
    // A server waits for the client after its challenge, so longer is as wrong as garbled: decode it whole.
    if (length !== undefined && seen.length >= length) return decodeTsRequest(seen);
  }
  throw new NlaError(
    seen.length > 0
      ? 'it closes the connection within its answer'
      : 'it closes the connection instead of answering',
  );
}
