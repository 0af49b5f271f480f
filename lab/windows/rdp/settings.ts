import { hiveNumber, hiveValues } from '../hive.ts';
import type { Running } from '../machine/running.ts';

/** Values of the listener now in force: local ones, with policy values winning where policy knows them. */
export interface RdpSettings {
  /** Whether connections are accepted at all, as far as it counts at once. */
  enabled: boolean;
  /** `TSEnabled`, which counts when TermService starts. */
  serverEnabled: boolean;
  port: number;
  securityLayer: number;
  networkLevelAuthentication: boolean;
  minEncryptionLevel: number;
  negotiates: boolean;
}

export const DEFAULT_RDP_PORT = 3389;
const POLICY = 'Policies\\Microsoft\\Windows NT\\Terminal Services';

/** Keys of the SYSTEM hive, below a control set. */
export const TERMINAL_SERVER = 'Control\\Terminal Server';
export const RDP_TCP = `${TERMINAL_SERVER}\\WinStations\\RDP-Tcp`;

/** Reads `Terminal Server`, `RDP-Tcp` and the policy over them (server article; "general error" article). */
export function rdpSettings({
  system,
  software,
  controlSet,
}: Pick<Running, 'system' | 'software' | 'controlSet'>): RdpSettings {
  const server = (name: string): number | undefined =>
    hiveNumber(software, POLICY, name) ?? hiveNumber(system, `${controlSet}\\${TERMINAL_SERVER}`, name);
  const listener = (name: string): number | undefined =>
    hiveNumber(software, POLICY, name) ?? hiveNumber(system, `${controlSet}\\${RDP_TCP}`, name);
  const exists = Object.keys(hiveValues(system, `${controlSet}\\${RDP_TCP}`) ?? {}).length > 0;
  const securityLayer = listener('SecurityLayer') ?? 1;
  const minEncryptionLevel = listener('MinEncryptionLevel') ?? 2;

  return {
    enabled:
      exists &&
      (server('fDenyTSConnections') ?? 1) === 0 &&
      (server('TSServerDrainMode') ?? 0) === 0 &&
      (listener('fEnableWinStation') ?? 1) !== 0 &&
      // Bound to one network card: in Azure not the one that the address moved to.
      (listener('LanAdapter') ?? 0) === 0,
    serverEnabled: (server('TSEnabled') ?? 1) !== 0,
    port: listener('PortNumber') ?? DEFAULT_RDP_PORT,
    securityLayer,
    networkLevelAuthentication: listener('UserAuthentication') === 1,
    // Windows corrects the pair "TLS with low encryption" by itself (event 1050).
    minEncryptionLevel: securityLayer === 2 && minEncryptionLevel === 1 ? 2 : minEncryptionLevel,
    negotiates: (listener('fAllowSecProtocolNegotiation') ?? 1) !== 0,
  };
}
