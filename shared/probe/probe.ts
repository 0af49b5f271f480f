import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { addAbortSignal } from 'node:stream';
import type { ProbeExpectation, ProbeResult } from '../model/probe.ts';
import { errorCode } from './error-code.ts';
import { ASKED, negotiate } from './negotiate.ts';
import { PacketError } from './packets.ts';
import { patienceOf } from './patience.ts';
import { judgeSecured, type Verdict } from './secured.ts';

export interface ProbeTarget {
  /** IP address or host name. */
  readonly address: string;
  readonly port: number;
}

export interface ProbeOptions {
  /** For the whole probe, in milliseconds of real time in which the process does not stand still. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  /** Milliseconds since the epoch: what certificates are judged by. */
  readonly now: () => number;
  /** Whom the answer is to come from; anybody without it. */
  readonly expect?: ProbeExpectation;
}

/**
 * Asks an RDP server from outside how it is, and who: connects, negotiates, shakes hands, has NLA name the
 * machine, hangs up; it never logs on. Whatever the network or the server does is a verdict, within the time given and with a bounded number of bytes read.
 *
 * Rejects only with the reason of `options.signal`, or a `RangeError` for a target that cannot be one.
 */
export async function probeRdp(target: ProbeTarget, options: ProbeOptions): Promise<ProbeResult> {
  const { address, port } = target;
  // An empty host name would mean this very machine to node:net.
  if (address === '' || !Number.isInteger(port) || port < 1 || port > 65535) {
    throw new RangeError(`not an address and port to probe: ${address}:${String(port)}`);
  }
  options.signal?.throwIfAborted();
  const patience = patienceOf(options.timeoutMs);
  const signal = options.signal ? AbortSignal.any([patience.signal, options.signal]) : patience.signal;
  const socket = connect({ host: address, port });
  socket.on('error', () => undefined);
  addAbortSignal(signal, socket);
  try {
    const verdict = await judge(socket, signal, options);
    options.signal?.throwIfAborted();
    return { address, port, ...verdict };
  } finally {
    patience.end();
    socket.destroy();
  }
}

async function judge(socket: Socket, signal: AbortSignal, options: ProbeOptions): Promise<Verdict> {
  try {
    await once(socket, 'connect', { signal });
  } catch (error) {
    return unreachable(error, signal);
  }
  let confirm;
  try {
    confirm = await negotiate(socket);
  } catch (error) {
    return unanswered(error, socket, signal);
  }
  if (confirm === undefined) return closedEarly(socket);
  if (confirm.kind === 'failure') {
    return {
      state: 'negotiation-failed',
      failureCode: confirm.name,
      detail: `RDP responds but refuses to negotiate: ${confirm.name}.`,
    };
  }
  if (confirm.kind === 'plain' || confirm.protocol === 'rdp') {
    return { state: 'no-tls', protocol: 'rdp', detail: 'RDP responds but offers neither TLS nor NLA.' };
  }
  const { protocol } = confirm;
  if (!ASKED.includes(protocol)) {
    return {
      state: 'negotiation-failed',
      protocol,
      detail: `RDP responds but selects ${protocol}, which was not requested.`,
    };
  }
  return judgeSecured(socket, protocol, { ...options, signal });
}

function unreachable(error: unknown, signal: AbortSignal): Verdict {
  if (signal.aborted) return { state: 'filtered', detail: 'The connection timed out.' };
  const code = errorCode(error);
  return code === 'ECONNREFUSED' || code === 'ECONNRESET'
    ? { state: 'refused', detail: 'Nothing is listening on the port: the connection was refused.' }
    : { state: 'filtered', detail: `The address cannot be reached (${code}).` };
}

function unanswered(error: unknown, socket: Socket, signal: AbortSignal): Verdict {
  if (error instanceof PacketError) {
    return { state: 'not-rdp', detail: `The service on the port does not speak RDP: ${error.message}.` };
  }
  if (!signal.aborted) return closedEarly(socket);
  return socket.bytesRead > 0
    ? { state: 'not-rdp', detail: 'The service on the port did not complete an RDP packet in time.' }
    : { state: 'filtered', detail: 'The connection was accepted, but no data was received in time.' };
}

function closedEarly(socket: Socket): Verdict {
  return socket.bytesRead > 0
    ? { state: 'not-rdp', detail: 'The service on the port closed the connection within an RDP packet.' }
    : {
        state: 'negotiation-failed',
        detail: 'The connection was closed without a response to the RDP request.',
      };
}
