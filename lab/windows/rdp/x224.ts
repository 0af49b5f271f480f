/** Protocols of RDP_NEG_REQ and RDP_NEG_RSP ([MS-RDPBCGR] 2.2.1.1.1, 2.2.1.2.1). */
export const PROTOCOL = { rdp: 0, ssl: 1, hybrid: 2 } as const;

/** failureCode of RDP_NEG_FAILURE ([MS-RDPBCGR] 2.2.1.2.2). */
export const FAILURE = {
  sslRequiredByServer: 1,
  sslNotAllowedByServer: 2,
  sslCertNotOnServer: 3,
  inconsistentFlags: 4,
  hybridRequiredByServer: 5,
  sslWithUserAuthRequiredByServer: 6,
} as const;

const TPKT_VERSION = 3;
const CONNECTION_REQUEST = 0xe0;
const CONNECTION_CONFIRM = 0xd0;
const NEGOTIATION_REQUEST = 1;
const NEGOTIATION_RESPONSE = 2;
const NEGOTIATION_FAILURE = 3;
/** EXTENDED_CLIENT_DATA_SUPPORTED and RDP_NEGRSP_DYNVC_GFX_PROTOCOL_SUPPORTED, as current servers answer. */
const RESPONSE_FLAGS = 0x03;

/** Bytes of the first TPKT packet; `undefined` while its header is incomplete, 0 when it is not TPKT. */
export function tpktLength(bytes: Buffer): number | undefined {
  if (bytes.length > 0 && bytes[0] !== TPKT_VERSION) return 0;
  return bytes.length < 4 ? undefined : bytes.readUInt16BE(2);
}

export interface ConnectionRequest {
  /** Protocols asked for; `undefined` from a client that knows no negotiation. */
  requested: number | undefined;
}

/** Reads an X.224 Connection Request ([MS-RDPBCGR] 2.2.1.1); `undefined` when it is none. */
export function parseConnectionRequest(packet: Buffer): ConnectionRequest | undefined {
  if (packet.length < 11 || (packet[5] ?? 0) !== CONNECTION_REQUEST) return undefined;
  let rest = packet.subarray(11);
  const cookieEnd = rest.indexOf('\r\n');
  if (cookieEnd >= 0 && rest[0] !== NEGOTIATION_REQUEST) rest = rest.subarray(cookieEnd + 2);
  return {
    requested: rest.length >= 8 && rest[0] === NEGOTIATION_REQUEST ? rest.readUInt32LE(4) : undefined,
  };
}

export type NegotiationAnswer = { protocol: number } | { failure: number } | 'none';

/** An X.224 Connection Confirm with the answer, or without one for a server that does not negotiate. */
export function connectionConfirm(answer: NegotiationAnswer): Buffer {
  const x224 = Buffer.from([0, CONNECTION_CONFIRM, 0, 0, 0x12, 0x34, 0]);
  let negotiation = Buffer.alloc(0);
  if (answer !== 'none') {
    negotiation = Buffer.alloc(8);
    const failed = 'failure' in answer;
    negotiation[0] = failed ? NEGOTIATION_FAILURE : NEGOTIATION_RESPONSE;
    negotiation[1] = failed ? 0 : RESPONSE_FLAGS;
    negotiation.writeUInt16LE(8, 2);
    negotiation.writeUInt32LE(failed ? answer.failure : answer.protocol, 4);
  }
  // The length indicator counts neither itself nor the TPKT header.
  x224[0] = x224.length - 1 + negotiation.length;
  const tpkt = Buffer.from([TPKT_VERSION, 0, 0, 4 + x224.length + negotiation.length]);
  return Buffer.concat([tpkt, x224, negotiation]);
}

/** An X.224 Connection Request asking for these protocols. */
export function connectionRequest(requested: number): Buffer {
  const packet = Buffer.alloc(19);
  packet.set([TPKT_VERSION, 0, 0, 19, 14, CONNECTION_REQUEST, 0, 0, 0, 0, 0, NEGOTIATION_REQUEST, 0, 8, 0]);
  packet.writeUInt32LE(requested, 15);
  return packet;
}

/** What a Connection Confirm says; `undefined` when it is none. */
export function parseConnectionConfirm(packet: Buffer): NegotiationAnswer | undefined {
  if (packet.length < 11 || packet[5] !== CONNECTION_CONFIRM) return undefined;
  if (packet.length < 19) return 'none';
  const value = packet.readUInt32LE(15);
  if (packet[11] === NEGOTIATION_FAILURE) return { failure: value };
  return packet[11] === NEGOTIATION_RESPONSE ? { protocol: value } : undefined;
}
