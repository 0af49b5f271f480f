import * as z from 'zod';

/**
 * What RDP says on the wire, from outside ([MS-RDPBCGR] 1.3.1.1, 2.2.1.2, 5.4; NLA: [MS-CSSP] 3.1.5):
 * - `healthy`: negotiation and TLS handshake succeeded with a certificate in time; where NLA was chosen, the
 *   server also answered its first message;
 * - `filtered`: no answer to the connection attempt, or none after it was accepted;
 * - `refused`: nothing listens;
 * - `no-tls`: RDP answers, but only with its own old encryption (Standard RDP Security): clients that
 *   demand TLS or NLA are turned away;
 * - `not-rdp`: something answers, but not X.224: another program holds the port;
 * - `negotiation-failed`: RDP_NEG_FAILURE, with its code; or, without one, the connection was closed
 *   instead of an answer;
 * - `tls-failed`: the TLS handshake fails or the connection is cut off in it;
 * - `certificate-expired`: the handshake succeeds with a certificate out of its time;
 * - `nla-failed`: the handshake succeeds, but NLA, which the server chose, is not answered as it should be;
 * - `other-machine`: RDP answers, but by its name or certificate it is not the machine that was expected: this
 *   says nothing about the VM, for better or worse.
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
  'nla-failed',
  'other-machine',
]);
export type ProbeState = z.infer<typeof probeStateSchema>;

/** What can be seen where no Windows runs: nothing on the way answers, or something else does. */
const WITHOUT_WINDOWS: readonly ProbeState[] = ['filtered', 'refused', 'other-machine'];

/** Whether what was said on the wire shows that Windows is up, however ill its RDP is. */
export function isOfWindows({ state }: Pick<ProbeResult, 'state'>): boolean {
  return !WITHOUT_WINDOWS.includes(state);
}

/** Whom the answer is to come from. What is left out, or what an answer does not tell, is not compared. */
export const probeExpectationSchema = z.object({
  /** Name of the computer; without case, and only as much of it as a NetBIOS name holds. */
  computerName: z.string().optional(),
  /** Thumbprint of the certificate that RDP is known to show now, in hex. */
  thumbprint: z.string().optional(),
});
export type ProbeExpectation = z.infer<typeof probeExpectationSchema>;

/** What a server says of itself in its NTLM challenge, before any logon ([MS-NLMP] 2.2.1.2, 2.2.2.1). */
const machineSchema = z.object({
  /** NetBIOS name: upper case, at most 15 characters. */
  computerName: z.string(),
  dnsName: z.string().optional(),
  /** DNS name of its domain, or else the NetBIOS name; missing where it belongs to none. */
  domain: z.string().optional(),
  /** Version of Windows with its build, such as `10.0.20348`. */
  build: z.string().optional(),
  /** Its clock. */
  time: z.iso.datetime().optional(),
});
export type Machine = z.infer<typeof machineSchema>;

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
  /** Who answered, where NLA told. */
  machine: machineSchema.optional(),
});
export type ProbeResult = z.infer<typeof probeResultSchema>;
