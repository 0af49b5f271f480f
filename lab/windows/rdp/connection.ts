import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { Credential } from './credential.ts';
import { serveCredSsp, type CredSspServer } from './credssp.ts';
import { negotiate } from './negotiate.ts';
import type { RdpSettings } from './settings.ts';
import {
  connectionConfirm,
  parseConnectionRequest,
  PROTOCOL,
  tpktLength,
  type ConnectionRequest,
} from './x224.ts';

/** How long a connection lives that nobody uses; real time, for it belongs to the lab's own sockets. */
const IDLE_MS = 10_000;

export interface RdpConnectionState {
  settings: RdpSettings;
  credential: Credential;
  /** Logons are pouring in: connections are accepted, and cut off in the handshake. */
  underAttack: boolean;
  /** The handshake was cut off by the server, for this reason. */
  onRefused(reason: 'protocol' | Credential['kind']): void;
  /** Who answers where NLA was chosen. */
  nla: CredSspServer;
}

/** Serves one connection as TermService would: X.224 negotiation, TLS, NLA. There is no session behind it. */
export function serveRdp(socket: Socket, state: RdpConnectionState): void {
  let received = Buffer.alloc(0);
  socket.setTimeout(IDLE_MS, () => {
    socket.destroy();
  });
  const onData = (chunk: Buffer): void => {
    received = Buffer.concat([received, chunk]);
    const length = tpktLength(received);
    if (length === undefined || (length > 0 && received.length < length)) return;
    socket.off('data', onData);
    const request = parseConnectionRequest(received.subarray(0, length));
    if (!request) {
      state.onRefused('protocol');
      socket.resetAndDestroy();
      return;
    }
    const rest = received.subarray(length);
    socket.pause();
    if (rest.length > 0) socket.unshift(rest);
    answer(socket, request, state);
  };
  socket.on('data', onData);
}

function answer(socket: Socket, request: ConnectionRequest, state: RdpConnectionState): void {
  const { settings, credential } = state;
  const reply = negotiate(request, settings, credential.kind !== 'no-certificate');
  socket.write(connectionConfirm(reply));
  if (reply === 'none' || 'failure' in reply || reply.protocol === 0) {
    if (reply !== 'none' && 'failure' in reply) socket.end();
    socket.resume();
    return;
  }
  if (state.underAttack || credential.kind !== 'usable') {
    // Windows sees the ClientHello before it gives up.
    socket.once('data', () => {
      if (!state.underAttack) state.onRefused(credential.kind);
      socket.resetAndDestroy();
    });
    socket.resume();
    return;
  }
  const secured = new TLSSocket(socket, { isServer: true, secureContext: credential.context() });
  secured.on('error', () => {
    socket.destroy();
  });
  if (reply.protocol === PROTOCOL.hybrid) serveCredSsp(secured, state.nla);
  // Without NLA the client goes on with MCS: that is read and left unanswered.
  else secured.on('secure', () => secured.resume());
}
