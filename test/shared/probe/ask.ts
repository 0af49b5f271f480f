import type { Socket } from 'node:net';
import { probeResultSchema, type ProbeExpectation, type ProbeResult } from '../../../shared/model/probe.ts';
import { probeRdp } from '../../../shared/probe/probe.ts';
import { LOOPBACK, serve } from './rdp-server.ts';

export const NOW = Date.parse('2026-03-01T12:00:00Z');
/** For servers that answer: never reached. */
export const PATIENT = 20_000;
/** For servers that stay silent: waited for in full. */
export const HASTY = 300;

interface AskOptions {
  timeoutMs?: number;
  now?: number;
  expect?: ProbeExpectation;
}

/** Probes a server that behaves as told. */
export async function probe(
  answer: (socket: Socket) => void,
  { timeoutMs = PATIENT, now = NOW, expect = {} }: AskOptions = {},
): Promise<ProbeResult> {
  const server = await serve(answer);
  try {
    const target = { address: LOOPBACK, port: server.port };
    return probeResultSchema.parse(await probeRdp(target, { timeoutMs, now: () => now, expect }));
  } finally {
    await server.close();
  }
}
