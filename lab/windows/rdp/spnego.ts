import { Constructed, Enumerated, fromBER, ObjectIdentifier, OctetString, Sequence } from 'asn1js';
import { fieldOf, octets, tagged } from './ts-request.ts';

/** Mechanism NTLM in SPNEGO ([MS-NLMP] 1.9). */
const NTLMSSP = '1.3.6.1.4.1.311.2.2.10';
const ACCEPT_INCOMPLETE = 1;
const APPLICATION = 2;
const CONTEXT = 3;

/**
 * The NTLM message in a token, and whether SPNEGO is around it: in NegTokenInit, framed by GSS-API, in the first
 * message, in NegTokenResp afterwards (RFC 4178 section 4.2; RFC 2743 section 3.1). Clients send either.
 */
export function unwrap(token: Buffer): { message: Buffer; wrapped: boolean } {
  const { result } = fromBER(token);
  if (!(result instanceof Constructed)) return { message: token, wrapped: false };
  const { tagClass, tagNumber } = result.idBlock;
  const isInit = tagClass === APPLICATION && tagNumber === 0;
  const isResponse = tagClass === CONTEXT && tagNumber === 1;
  // GSS-API puts the name of SPNEGO before the choice; NegTokenResp is the choice.
  const body = isInit ? fieldOf(result, 0) : isResponse ? result.valueBlock.value[0] : undefined;
  // mechToken and responseToken are both [2].
  const inner = body instanceof Sequence ? fieldOf(body, 2) : undefined;
  return {
    message: inner instanceof OctetString ? Buffer.from(inner.getValue()) : Buffer.alloc(0),
    wrapped: true,
  };
}

/** A NegTokenResp that chooses NTLM and carries its next message. */
export function wrap(message: Buffer): Buffer {
  const response = new Sequence({
    value: [
      tagged(0, new Enumerated({ value: ACCEPT_INCOMPLETE })),
      tagged(1, new ObjectIdentifier({ value: NTLMSSP })),
      tagged(2, octets(message)),
    ],
  });
  return Buffer.from(tagged(1, response).toBER());
}
