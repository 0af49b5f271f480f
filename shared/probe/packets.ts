/**
 * The two packets that open an RDP connection, as bytes ([MS-RDPBCGR] 2.2.1.1 and 2.2.1.2; TPKT from
 * RFC 1006 section 6, the connection TPDUs from X.224 sections 13.3 and 13.4). Pure: no sockets here.
 */

/** Security protocols a client asks for, [MS-RDPBCGR] 2.2.1.1.1. */
const REQUESTABLE = { rdp: 0, ssl: 1, hybrid: 2, rdstls: 4, 'hybrid-ex': 8 } as const;
export type RdpProtocol = keyof typeof REQUESTABLE;

/** Names of the failure codes, [MS-RDPBCGR] 2.2.1.2.2. */
const FAILURES: ReadonlyMap<number, string> = new Map([
  [1, 'SSL_REQUIRED_BY_SERVER'],
  [2, 'SSL_NOT_ALLOWED_BY_SERVER'],
  [3, 'SSL_CERT_NOT_ON_SERVER'],
  [4, 'INCONSISTENT_FLAGS'],
  [5, 'HYBRID_REQUIRED_BY_SERVER'],
  [6, 'SSL_WITH_USER_AUTH_REQUIRED_BY_SERVER'],
]);

const PROTOCOLS: ReadonlyMap<number, RdpProtocol> = new Map([
  [REQUESTABLE.rdp, 'rdp'],
  [REQUESTABLE.ssl, 'ssl'],
  [REQUESTABLE.hybrid, 'hybrid'],
  [REQUESTABLE.rdstls, 'rdstls'],
  [REQUESTABLE['hybrid-ex'], 'hybrid-ex'],
]);

const TPKT_VERSION = 3;
const CONNECTION_REQUEST = 0xe0;
const CONNECTION_CONFIRM = 0xd0;
const TYPE_NEG_REQ = 1;
const TYPE_NEG_RSP = 2;
const TYPE_NEG_FAILURE = 3;
const NEG_DATA_LENGTH = 8;
/** TPKT header and the fixed part of a connection TPDU: a confirm without negotiation data. */
const BARE_LENGTH = 11;
const FULL_LENGTH = BARE_LENGTH + NEG_DATA_LENGTH;

export type PacketFault = 'not-tpkt' | 'bad-length' | 'not-a-confirm' | 'bad-negotiation-data';

/** What the decoder throws, and the only thing it throws: the bytes are not a Connection Confirm. */
export class PacketError extends Error {
  override readonly name = 'PacketError';
  readonly fault: PacketFault;
  constructor(fault: PacketFault, message: string) {
    super(message);
    this.fault = fault;
  }
}

/**
 * - `plain`: no negotiation data, the answer of a server that knows Standard RDP Security only;
 * - `response`: RDP_NEG_RSP with the chosen protocol;
 * - `failure`: RDP_NEG_FAILURE; `name` is `UNKNOWN_<code>` for a code the specification does not list.
 */
export type ConnectionConfirm =
  | { readonly kind: 'plain' }
  | { readonly kind: 'response'; readonly protocol: RdpProtocol }
  | { readonly kind: 'failure'; readonly code: number; readonly name: string };

/** The Connection Request that asks for any of `protocols`; without cookie, 19 bytes. */
export function encodeConnectionRequest(protocols: readonly RdpProtocol[]): Uint8Array {
  const bytes = new Uint8Array(FULL_LENGTH);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, TPKT_VERSION);
  view.setUint16(2, FULL_LENGTH);
  view.setUint8(4, FULL_LENGTH - 5);
  view.setUint8(5, CONNECTION_REQUEST);
  view.setUint8(BARE_LENGTH, TYPE_NEG_REQ);
  view.setUint16(BARE_LENGTH + 2, NEG_DATA_LENGTH, true);
  const mask = protocols.reduce((sum, protocol) => sum | REQUESTABLE[protocol], 0);
  view.setUint32(BARE_LENGTH + 4, mask, true);
  return bytes;
}

/**
 * How long the packet is that starts with `bytes`, or `undefined` while too little of it has come.
 * Throws {@link PacketError} as soon as it cannot become a Connection Confirm, so that a reader never
 * waits for (or stores) more than 19 bytes.
 */
export function confirmLength(bytes: Uint8Array): number | undefined {
  const [version, reserved, high, low] = bytes;
  if (version !== undefined && version !== TPKT_VERSION) {
    throw new PacketError('not-tpkt', `starts with byte ${String(version)} instead of TPKT version 3`);
  }
  if (reserved !== undefined && reserved !== 0) {
    throw new PacketError('not-tpkt', 'the reserved byte of the TPKT header is set');
  }
  if (high === undefined || low === undefined) return undefined;
  const length = high * 256 + low;
  if (length !== BARE_LENGTH && length !== FULL_LENGTH) {
    throw new PacketError('bad-length', `a packet of ${String(length)} bytes is not a Connection Confirm`);
  }
  return length;
}

/** Reads one whole Connection Confirm; throws {@link PacketError} for anything else. */
export function decodeConnectionConfirm(bytes: Uint8Array): ConnectionConfirm {
  const length = confirmLength(bytes);
  if (length === undefined || bytes.length !== length) {
    throw new PacketError(
      'bad-length',
      `${String(bytes.length)} bytes came, the header says ${String(length)}`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint8(4) !== length - 5) {
    throw new PacketError('bad-length', 'the X.224 length indicator contradicts the TPKT length');
  }
  if (view.getUint8(5) !== CONNECTION_CONFIRM) {
    throw new PacketError(
      'not-a-confirm',
      `X.224 type ${String(view.getUint8(5))} is not a Connection Confirm`,
    );
  }
  // Our source reference was 0, so the confirm is addressed to 0; the server's own reference is its affair.
  if (view.getUint16(6) !== 0 || view.getUint8(10) !== 0) {
    throw new PacketError('not-a-confirm', 'the confirm is not for our request or not of class 0');
  }
  return length === BARE_LENGTH ? { kind: 'plain' } : decodeNegotiation(view);
}

function decodeNegotiation(view: DataView): ConnectionConfirm {
  if (view.getUint16(BARE_LENGTH + 2, true) !== NEG_DATA_LENGTH) {
    throw new PacketError(
      'bad-negotiation-data',
      'the negotiation data does not say that it is 8 bytes long',
    );
  }
  const type = view.getUint8(BARE_LENGTH);
  const value = view.getUint32(BARE_LENGTH + 4, true);
  if (type === TYPE_NEG_FAILURE) {
    return { kind: 'failure', code: value, name: FAILURES.get(value) ?? `UNKNOWN_${String(value)}` };
  }
  const protocol = PROTOCOLS.get(value);
  if (type !== TYPE_NEG_RSP || protocol === undefined) {
    throw new PacketError(
      'bad-negotiation-data',
      `negotiation data of type ${String(type)}, value ${String(value)}`,
    );
  }
  return { kind: 'response', protocol };
}
