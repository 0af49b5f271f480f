import type { Facts } from '../model/facts.ts';
import { keyOf, numberOf, valueOf } from './look.ts';

/** Below a control set. */
export const TERMINAL_SERVER = 'Control\\Terminal Server';
export const WIN_STATIONS = `${TERMINAL_SERVER}\\WinStations`;
export const RDP_TCP = `${WIN_STATIONS}\\RDP-Tcp`;
/** Below SOFTWARE. */
export const TERMINAL_SERVICES_POLICY = 'Policies\\Microsoft\\Windows NT\\Terminal Services';

export const DEFAULT_PORT = 3389;

/** The port of the listener; `undefined` where the number there is none. What is no number at all, or not there, means 3389. */
export function rdpPort(facts: Facts, set: string): number | undefined {
  const port = numberOf(facts, set, RDP_TCP, 'PortNumber') ?? DEFAULT_PORT;
  return port >= 1 && port <= 65_535 ? port : undefined;
}

/** The listener's settings were read, and there are some. */
export function hasListener(facts: Facts, set: string): boolean {
  return valueOf(facts, set, RDP_TCP, 'fEnableWinStation') !== undefined;
}

/** The listener's settings were read, and it is no listener: without that value none is built, whatever else is left of the key. */
export function lacksListener(facts: Facts, set: string): boolean {
  const key = keyOf(facts, set, RDP_TCP);
  return key !== undefined && key.state !== 'unread' && !hasListener(facts, set);
}
