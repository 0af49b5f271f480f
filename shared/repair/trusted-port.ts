import type { Done } from '../causes/cause.ts';
import { CANDIDATE_PORTS } from '../model/change.ts';
import type { ProbeResult, ProbeState } from '../model/probe.ts';
import { toldBy } from './outcomes.ts';

export const RDP_PORT = 3389;

/** Answers that only a server of RDP gives. */
const SPEAKS_RDP: readonly ProbeState[] = [
  'healthy',
  'no-tls',
  'tls-failed',
  'certificate-expired',
  'nla-failed',
];

/** Whether RDP was met on that port from outside, whatever Windows says. */
export function isConfirmedByWire(port: number, probe: ProbeResult | undefined): boolean {
  return probe?.port === port && SPEAKS_RDP.includes(probe.state);
}

/** Where RDP moved by the word of the change that moves it; `port` only where that is one that the change may choose. */
export interface MoveClaim {
  readonly claim: string | number | boolean | undefined;
  readonly port: number | undefined;
}

/** A guest can print any number: rules follow only to the port that was asked for, or to one of the change's own candidates. */
export function movedPort(done: readonly Done[], requested: number | undefined): MoveClaim {
  const moves = done.filter(({ change }) => change.do === 'Take-Port');
  const claim = toldBy(moves, 'newPort');
  const port =
    typeof claim === 'number' && (claim === requested || CANDIDATE_PORTS.includes(claim)) ? claim : undefined;
  return { claim, port };
}
