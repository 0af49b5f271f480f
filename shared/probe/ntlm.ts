/** NTLM's first two messages ([MS-NLMP] 2.2.1.1, 2.2.1.2): a client says hello, the server says who it is. Pure. */
import type { Machine } from '../model/probe.ts';
import { NlaError } from './nla-error.ts';

/** Flags of [MS-NLMP] 2.2.2.5. */
const FLAG = {
  unicode: 0x1,
  requestTarget: 0x4,
  sign: 0x10,
  seal: 0x20,
  ntlm: 0x200,
  alwaysSign: 0x8000,
  extendedSessionSecurity: 0x80000,
  version: 0x2000000,
  key128: 0x20000000,
  keyExchange: 0x40000000,
  key56: 0x80000000,
} as const;

/** Names and numbers of AV_PAIR, [MS-NLMP] 2.2.2.1. */
const AV = {
  end: 0,
  computerName: 1,
  domainName: 2,
  dnsComputerName: 3,
  dnsDomainName: 4,
  timestamp: 7,
} as const;

const SIGNATURE = Buffer.from('NTLMSSP\0', 'latin1');
const NEGOTIATE = 1;
const CHALLENGE = 2;
const NEGOTIATE_LENGTH = 40;
const FIXED_LENGTH = 48;
const VERSION_OFFSET = 48;
const VERSION_LENGTH = 8;
/** NTLMSSP_REVISION_W2K3, [MS-NLMP] 2.2.2.10. */
const REVISION = 15;

/** Longest name that is reported, in characters: the longest of DNS. It comes from whoever answers on the port. */
const NAME_LIMIT = 255;

/** From 1601, where FILETIME begins ([MS-DTYP] 2.3.3), to 1970. */
const EPOCH_MS = 11_644_473_600_000n;
/** The end of the year 9999, beyond which ISO 8601 takes more than four digits. */
const LAST_MS = 253_402_300_799_999n;

/**
 * NEGOTIATE_MESSAGE of a client that names neither itself nor a domain. It asks for all that a server's policy may
 * demand (128 bits, session security), for a server must refuse a client that offers less.
 */
export function encodeNegotiate(): Uint8Array {
  const message = Buffer.alloc(NEGOTIATE_LENGTH);
  SIGNATURE.copy(message);
  message.writeUInt32LE(NEGOTIATE, 8);
  message.writeUInt32LE(
    Object.values(FLAG).reduce((sum, flag) => (sum | flag) >>> 0, 0),
    12,
  );
  // Version 10.0 without a build: the structure is there for debugging only.
  message[32] = 10;
  message[NEGOTIATE_LENGTH - 1] = REVISION;
  return message;
}

/** What a CHALLENGE_MESSAGE says about its sender. @throws NlaError for anything else. */
export function decodeChallenge(token: Uint8Array): Machine {
  const message = Buffer.from(token.buffer, token.byteOffset, token.byteLength);
  const isNtlm = message.length >= FIXED_LENGTH && SIGNATURE.equals(message.subarray(0, SIGNATURE.length));
  if (!isNtlm || message.readUInt32LE(8) !== CHALLENGE)
    throw new NlaError('its token is not an NTLM challenge');
  const length = message.readUInt16LE(40);
  const offset = message.readUInt32LE(44);
  if (offset + length > message.length) throw new NlaError('its NTLM challenge is cut off');
  const said = readPairs(message.subarray(offset, offset + length));
  const computerName = nameOf(said.get(AV.computerName));
  // [MS-NLMP] 2.2.2.1: a challenge must have it.
  if (computerName === undefined) throw new NlaError('its NTLM challenge has no computer name');
  const domainName = nameOf(said.get(AV.domainName));
  const dnsName = nameOf(said.get(AV.dnsComputerName));
  // A machine without a domain gives its own name for one.
  const domain = domainName === computerName ? undefined : (nameOf(said.get(AV.dnsDomainName)) ?? domainName);
  const build = versionOf(message);
  const time = timeOf(said.get(AV.timestamp));
  return {
    computerName,
    ...(dnsName === undefined ? {} : { dnsName }),
    ...(domain === undefined ? {} : { domain }),
    ...(build === undefined ? {} : { build }),
    ...(time === undefined ? {} : { time }),
  };
}

function readPairs(list: Buffer): Map<number, Buffer> {
  const pairs = new Map<number, Buffer>();
  for (let at = 0; at + 4 <= list.length;) {
    const id = list.readUInt16LE(at);
    const start = at + 4;
    const end = start + list.readUInt16LE(at + 2);
    if (end > list.length) break;
    if (id === AV.end) return pairs;
    pairs.set(id, list.subarray(start, end));
    at = end;
  }
  throw new NlaError('the list of names in its NTLM challenge has no end');
}

/** Names are UTF-16 always. What cannot be shown is taken out: a name ends up in logs and reports. */
function nameOf(value: Buffer | undefined): string | undefined {
  const name = value && new TextDecoder('utf-16le').decode(value).replaceAll(/\p{C}+/gu, '');
  return name ? name.slice(0, NAME_LIMIT) : undefined;
}

function versionOf(message: Buffer): string | undefined {
  const told = (message.readUInt32LE(20) & FLAG.version) !== 0;
  if (!told || message.length < VERSION_OFFSET + VERSION_LENGTH) return undefined;
  const [major = 0, minor = 0] = message.subarray(VERSION_OFFSET);
  return [major, minor, message.readUInt16LE(VERSION_OFFSET + 2)].join('.');
}

function timeOf(value: Buffer | undefined): string | undefined {
  if (value?.length !== 8) return undefined;
  const milliseconds = value.readBigUInt64LE() / 10_000n - EPOCH_MS;
  return milliseconds > LAST_MS ? undefined : new Date(Number(milliseconds)).toISOString();
}
