import { Constructed, fromBER, Integer, OctetString, Sequence, type AsnType } from 'asn1js';

/** TSRequest ([MS-CSSP] 2.2.1); the fields that a logon which always fails gets to. */
export interface TsRequest {
  version: number;
  token?: Buffer;
  /** NTSTATUS ([MS-ERREF] 2.3). */
  errorCode?: number;
}

const FIELD = { version: 0, negoTokens: 1, errorCode: 4 } as const;

/** `[number]` around something, as every field is. */
export function tagged(number: number, ...value: AsnType[]): Constructed {
  return new Constructed({ idBlock: { tagClass: 3, tagNumber: number }, value });
}

/** What is in field `[number]` of a sequence. */
export function fieldOf(sequence: Constructed, number: number): AsnType | undefined {
  const field = sequence.valueBlock.value.find(
    ({ idBlock }) => idBlock.tagClass === 3 && idBlock.tagNumber === number,
  );
  return field instanceof Constructed ? field.valueBlock.value[0] : undefined;
}

export function octets(value: Uint8Array): OctetString {
  return new OctetString({ valueHex: Uint8Array.from(value) });
}

export function encodeTsRequest({ version, token, errorCode }: TsRequest): Buffer {
  const fields = [tagged(FIELD.version, new Integer({ value: version }))];
  if (token) {
    const item = new Sequence({ value: [tagged(0, octets(token))] });
    fields.push(tagged(FIELD.negoTokens, new Sequence({ value: [item] })));
  }
  // Four bytes with the sign, as Windows writes it: NTSTATUS of failures are negative.
  if (errorCode !== undefined) fields.push(tagged(FIELD.errorCode, new Integer({ value: errorCode | 0 })));
  return Buffer.from(new Sequence({ value: fields }).toBER());
}

/** `undefined` when it is none. */
export function parseTsRequest(bytes: Buffer): TsRequest | undefined {
  const { result } = fromBER(bytes);
  if (!(result instanceof Sequence)) return undefined;
  const version = fieldOf(result, FIELD.version);
  if (!(version instanceof Integer)) return undefined;
  const negoData = fieldOf(result, FIELD.negoTokens);
  const [item] = negoData instanceof Sequence ? negoData.valueBlock.value : [];
  const token = item instanceof Sequence ? fieldOf(item, 0) : undefined;
  return {
    version: version.valueBlock.valueDec,
    ...(token instanceof OctetString ? { token: Buffer.from(token.getValue()) } : {}),
  };
}

/** Bytes of the message that starts here; `undefined` while its length is incomplete, 0 when it is no message. */
export function tsRequestLength(bytes: Buffer): number | undefined {
  const [tag, form, ...rest] = bytes.subarray(0, 4);
  if (tag !== undefined && tag !== 0x30) return 0;
  if (form === undefined) return undefined;
  if (form < 0x80) return 2 + form;
  // A client's longest message carries its credentials: two bytes of length are enough.
  if (form > 0x82) return 0;
  const lengthBytes = form & 0x7f;
  if (lengthBytes === 0) return 0;
  if (rest.length < lengthBytes) return undefined;
  return 2 + lengthBytes + bytes.readUIntBE(2, lengthBytes);
}
