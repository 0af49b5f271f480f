import { gzipSync } from 'node:zlib';
import { TERMINAL_SERVER } from '../../../shared/causes/listener.ts';
import type { GuestAnswer } from '../../../shared/model/guest-answer.ts';
import type { Facts } from '../../../shared/model/facts.ts';
import { healthyFacts, value, type Edit } from '../../shared/causes/facts.ts';

const NONCE = '0123456789abcdef0123456789abcdef';

/** RDP is switched off. */
export const deniedFacts = (...edits: readonly Edit[]): Facts =>
  healthyFacts(value(TERMINAL_SERVER, 'fDenyTSConnections', 1), ...edits);

export function answer(change: Partial<GuestAnswer> = {}): GuestAnswer {
  return {
    schema: 2,
    script: 'collect',
    nonce: NONCE,
    error: null,
    hash: '',
    outcomes: [],
    facts: deniedFacts(),
    ...change,
  };
}

export function payloadOf(value: GuestAnswer): string {
  return gzipSync(JSON.stringify(value)).toString('base64');
}

export function lineOf(payload: string): string {
  return `RDP-MEDIC-RESULT ${NONCE} ${String(payload.length)} ${payload}`;
}

export function headOf(payload: string): string {
  return `RDP-MEDIC-HEAD ${NONCE} ${String(payload.length)} ${payload.slice(0, -3_600)}`;
}
