import { gzipSync } from 'node:zlib';
import { TERMINAL_SERVER } from '../../../shared/causes/listener.ts';
import type { GuestAnswer } from '../../../shared/model/guest-answer.ts';
import type { Facts } from '../../../shared/model/facts.ts';
import { healthyFacts, value, type Edit } from '../causes/facts.ts';

export const NONCE = '0123456789abcdef0123456789abcdef';

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
    before: null,
    facts: deniedFacts(),
    ...change,
  };
}

/** Packed as a script packs it; a text as it is. */
export function payloadOf(value: unknown): string {
  return gzipSync(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64');
}

export function lineOf(payload: string, nonce = NONCE): string {
  return `RDP-MEDIC-RESULT ${nonce} ${String(payload.length)} ${payload}`;
}

export function headOf(payload: string): string {
  return `RDP-MEDIC-HEAD ${NONCE} ${String(payload.length)} ${payload.slice(0, -3_600)}`;
}
