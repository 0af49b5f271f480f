import { randomBytes } from 'node:crypto';

/** Types of NTLM's messages ([MS-NLMP] 2.2.1). */
export const NTLM = { negotiate: 1, challenge: 2, authenticate: 3 } as const;

/** NegotiateFlags that mean something here ([MS-NLMP] 2.2.2.5). */
const UNICODE = 0x1;
const TARGET_TYPE_DOMAIN = 0x10000;
const TARGET_TYPE_SERVER = 0x20000;
const TARGET_INFO = 0x800000;
const VERSION = 0x2000000;
/** What current servers grant when they are asked for it: signing, sealing, session security, 128 and 56 bits. */
const GRANTED = 0xe2088235;

const SIGNATURE = Buffer.from('NTLMSSP\0', 'latin1');
const HEADER_LENGTH = 56;
/** NTLMSSP_REVISION_W2K3 ([MS-NLMP] 2.2.2.10). */
const REVISION = 15;
/** From 1601 to 1970, in milliseconds: FILETIME begins earlier ([MS-DTYP] 2.3.3). */
const FILETIME_BEFORE_UNIX = 11_644_473_600_000;

/** Who a server says it is to anybody who begins a logon. */
export interface MachineNames {
  netbios: string;
  dns: string;
  /** The Active Directory domain it is joined to; `undefined` in a workgroup, whose name NTLM does not tell. */
  domain: { netbios: string; dns: string } | undefined;
  build: number;
  /** Its own clock, milliseconds since the epoch. */
  now: number;
}

/** Type and flags of an NTLM message; `undefined` when it is none. */
export function readNtlm(token: Buffer): { type: number; flags: number } | undefined {
  if (token.length < 16 || !token.subarray(0, 8).equals(SIGNATURE)) return undefined;
  return { type: token.readUInt32LE(8), flags: token.readUInt32LE(12) };
}

/** CHALLENGE_MESSAGE ([MS-NLMP] 2.2.1.2, 3.2.5.1.1) with target information in the order Windows sends it. */
export function challenge(asked: number, names: MachineNames): Buffer {
  const { netbios, dns, domain, build, now } = names;
  const targetName = Buffer.from(domain?.netbios ?? netbios, 'utf16le');
  const targetInfo = Buffer.concat([
    // A machine outside of any domain is its own.
    pair(2, domain?.netbios ?? netbios),
    pair(1, netbios),
    pair(4, domain?.dns ?? dns),
    pair(3, dns),
    ...(domain ? [pair(5, domain.dns)] : []),
    pair(7, filetime(now)),
    pair(0, ''),
  ]);
  const targetType = domain ? TARGET_TYPE_DOMAIN : TARGET_TYPE_SERVER;
  const header = Buffer.alloc(HEADER_LENGTH);
  SIGNATURE.copy(header);
  header.writeUInt32LE(NTLM.challenge, 8);
  writeField(header, 12, targetName.length, HEADER_LENGTH);
  header.writeUInt32LE(((asked & GRANTED) | UNICODE | TARGET_INFO | targetType) >>> 0, 20);
  randomBytes(8).copy(header, 24);
  writeField(header, 40, targetInfo.length, HEADER_LENGTH + targetName.length);
  if ((asked & VERSION) !== 0) {
    header[48] = 10;
    header.writeUInt16LE(build, 50);
    header[55] = REVISION;
  }
  return Buffer.concat([header, targetName, targetInfo]);
}

function writeField(header: Buffer, at: number, length: number, offset: number): void {
  header.writeUInt16LE(length, at);
  header.writeUInt16LE(length, at + 2);
  header.writeUInt32LE(offset, at + 4);
}

/** AV_PAIR ([MS-NLMP] 2.2.2.1). */
function pair(id: number, value: string | Buffer): Buffer {
  const bytes = typeof value === 'string' ? Buffer.from(value, 'utf16le') : value;
  const header = Buffer.alloc(4);
  header.writeUInt16LE(id);
  header.writeUInt16LE(bytes.length, 2);
  return Buffer.concat([header, bytes]);
}

function filetime(milliseconds: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(Math.trunc(milliseconds) + FILETIME_BEFORE_UNIX) * 10_000n);
  return bytes;
}
