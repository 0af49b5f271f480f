import { createPrivateKey, createPublicKey, randomBytes, sign } from 'node:crypto';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import * as asn from '@peculiar/asn1-x509';

const COMMON_NAME = '2.5.4.3';
const SHA256_WITH_RSA = '1.2.840.113549.1.1.11';
const SERVER_AUTHENTICATION = '1.3.6.1.5.5.7.3.1';
const DER_NULL = Uint8Array.from([5, 0]).buffer;

export interface SelfSigned {
  subject: string;
  /** Whose name is signed with; its own without it. */
  issuer?: string;
  /** PEM of an RSA private key. */
  key: string;
  /** Milliseconds since the epoch. */
  notBefore: number;
  notAfter: number;
}

/** A self-signed server certificate such as Remote Desktop makes (RSA 2048, SHA-256), as DER. */
export function makeSelfSigned({ subject, issuer = subject, key, notBefore, notAfter }: SelfSigned): Buffer {
  const algorithm = new asn.AlgorithmIdentifier({ algorithm: SHA256_WITH_RSA, parameters: DER_NULL });
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'der' });
  const serial = randomBytes(16);
  // A serial number is a positive integer (RFC 5280, section 4.1.2.2).
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40;

  const tbsCertificate = new asn.TBSCertificate({
    version: asn.Version.v3,
    serialNumber: new Uint8Array(serial).buffer,
    signature: algorithm,
    issuer: nameOf(issuer),
    subject: nameOf(subject),
    validity: new asn.Validity({ notBefore: new Date(notBefore), notAfter: new Date(notAfter) }),
    subjectPublicKeyInfo: AsnConvert.parse(new Uint8Array(publicKey), asn.SubjectPublicKeyInfo),
    extensions: new asn.Extensions([
      new asn.Extension({
        extnID: asn.id_ce_extKeyUsage,
        extnValue: new OctetString(AsnConvert.serialize(new asn.ExtendedKeyUsage([SERVER_AUTHENTICATION]))),
      }),
    ]),
  });
  const signature = sign('sha256', Buffer.from(AsnConvert.serialize(tbsCertificate)), createPrivateKey(key));
  return Buffer.from(
    AsnConvert.serialize(
      new asn.Certificate({
        tbsCertificate,
        signatureAlgorithm: algorithm,
        signatureValue: new Uint8Array(signature).buffer,
      }),
    ),
  );
}

function nameOf(commonName: string): asn.Name {
  return new asn.Name([
    new asn.RelativeDistinguishedName([
      new asn.AttributeTypeAndValue({
        type: COMMON_NAME,
        value: new asn.AttributeValue({ utf8String: commonName }),
      }),
    ]),
  ]);
}
