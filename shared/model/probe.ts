import { z } from 'zod';

/**
 * What RDP says on the wire, from outside (domain notes, section 4):
 * - `healthy`: negotiation and TLS handshake succeeded with a certificate in time;
 * - `filtered`: no answer to the connection attempt, or none after it was accepted;
 * - `refused`: nothing listens;
 * - `no-tls`: RDP answers, but only with its own old encryption (Standard RDP Security): clients that
 *   demand TLS or NLA are turned away;
 * - `not-rdp`: something answers, but not X.224: another program holds the port;
 * - `negotiation-failed`: RDP_NEG_FAILURE, with its code; or, without one, the connection was closed
 *   instead of an answer;
 * - `tls-failed`: the TLS handshake fails or the connection is cut off in it;
 * - `certificate-expired`: the handshake succeeds with a certificate out of its time.
 */
export const probeStateSchema = z.enum([
  'healthy',
  'filtered',
  'refused',
  'no-tls',
  'not-rdp',
  'negotiation-failed',
  'tls-failed',
  'certificate-expired',
]);
export type ProbeState = z.infer<typeof probeStateSchema>;

export const probeResultSchema = z.object({
  state: probeStateSchema,
  address: z.string(),
  port: z.int(),
  /** One sentence for people. */
  detail: z.string(),
  /** Chosen protocol of RDP_NEG_RSP, if any. */
  protocol: z.enum(['rdp', 'ssl', 'hybrid', 'rdstls', 'hybrid-ex']).optional(),
  /** Name of the RDP_NEG_FAILURE code ([MS-RDPBCGR] 2.2.1.2.2), such as `SSL_CERT_NOT_ON_SERVER`. */
  failureCode: z.string().optional(),
  tlsVersion: z.string().optional(),
  certificate: z
    .object({
      subject: z.string(),
      thumbprint: z.string(),
      notBefore: z.iso.datetime(),
      notAfter: z.iso.datetime(),
    })
    .optional(),
});
export type ProbeResult = z.infer<typeof probeResultSchema>;
