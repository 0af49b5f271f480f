import type { Socket } from 'node:net';
import type { Machine, ProbeExpectation, ProbeResult } from '../model/probe.ts';
import { isInTime } from './certificate.ts';
import { errorCode } from './error-code.ts';
import { shakeHands, type Handshake } from './handshake.ts';
import { whoElse } from './identity.ts';
import { askWho } from './nla.ts';
import { NlaError } from './nla-error.ts';
import type { RdpProtocol } from './packets.ts';

export type Verdict = Omit<ProbeResult, 'address' | 'port'>;

interface JudgeOptions {
  readonly signal: AbortSignal;
  readonly now: () => number;
  readonly expect?: ProbeExpectation;
}

/**
 * Judges what comes after the negotiation: TLS, its certificate, NLA where it was chosen. Whether it is the right
 * machine at all comes before everything that is said about it.
 */
export async function judgeSecured(
  socket: Socket,
  protocol: RdpProtocol,
  { signal, now, expect = {} }: JudgeOptions,
): Promise<Verdict> {
  let handshake;
  try {
    handshake = await shakeHands(socket, signal);
  } catch (error) {
    const why = signal.aborted ? 'does not complete in time' : `fails (${errorCode(error)})`;
    return { state: 'tls-failed', protocol, detail: `RDP responds, but the TLS handshake ${why}.` };
  }
  const { version: tlsVersion, certificate } = handshake;
  const nla = protocol === 'hybrid' ? await tryNla(handshake, signal) : {};
  handshake.close();

  const facts = {
    protocol,
    tlsVersion,
    ...(certificate && { certificate }),
    ...(nla.machine && { machine: nla.machine }),
  };
  const other = whoElse(facts, expect);
  if (other !== undefined) {
    return {
      state: 'other-machine',
      ...facts,
      detail: `A different machine responds: the answer is ${other}.`,
    };
  }
  if (!certificate) {
    const detail = 'RDP responds with TLS, but its certificate cannot be read.';
    return { state: 'tls-failed', ...facts, detail };
  }
  if (!isInTime(certificate, now())) {
    const { notBefore, notAfter } = certificate;
    const detail = `RDP responds with a certificate that is valid only from ${notBefore} to ${notAfter}.`;
    return { state: 'certificate-expired', ...facts, detail };
  }
  if (nla.fault !== undefined) {
    const detail = `RDP responds with ${spoken(tlsVersion)} and requires NLA, but NLA fails: ${nla.fault}.`;
    return { state: 'nla-failed', ...facts, detail };
  }
  return { state: 'healthy', ...facts, detail: describeHealthy(tlsVersion, protocol, nla) };
}

interface NlaFacts {
  readonly machine?: Machine;
  /** Why NLA does not work. */
  readonly fault?: string;
}

async function tryNla({ channel }: Handshake, signal: AbortSignal): Promise<NlaFacts> {
  try {
    const answer = await askWho(channel);
    return answer.kind === 'challenge' ? { machine: answer.machine } : {};
  } catch (error) {
    if (error instanceof NlaError) return { fault: error.message };
    return {
      fault: signal.aborted
        ? 'it does not respond in time'
        : `the connection is closed (${errorCode(error)})`,
    };
  }
}

function describeHealthy(tlsVersion: string, protocol: RdpProtocol, { machine }: NlaFacts): string {
  const by = machine ? ` as ${machine.computerName}` : '';
  const refused = machine ? '' : ', which does not accept NTLM';
  const found = `RDP responds with ${spoken(tlsVersion)}${protocol === 'hybrid' ? ` and NLA${by}${refused}` : ''}`;
  const old = tlsVersion === 'TLSv1' || tlsVersion === 'TLSv1.1';
  return old ? `${found}; current clients refuse this old version.` : `${found}.`;
}

const spoken = (tlsVersion: string): string => tlsVersion.replace('TLSv', 'TLS ');
