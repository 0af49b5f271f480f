/** The system side of `Machine`: services, network, certificates, firewall, policy, events, facts. */

export type ServiceState = 'Running' | 'Stopped';
export type ServiceStartType = 'Boot' | 'System' | 'Automatic' | 'Manual' | 'Disabled';

export interface ServiceView {
  /** As spelled in the registry: `TermService`. */
  name: string;
  /** Localised. */
  displayName: string;
  description: string;
  state: ServiceState;
  startType: ServiceStartType;
  /** 0 while stopped. Several services may share a host process. */
  pid: number;
  /** `ObjectName` as in the registry. */
  account: string;
  imagePath: string;
  /** False for a service that does not accept the stop control, and for a protected one. */
  canStop: boolean;
  /** A protected process (antimalware light, LSASS hosts): even SYSTEM gets error 5. */
  isProtected: boolean;
  dependsOn: string[];
}

export interface ServiceOps {
  list(): ServiceView[];
  /** By name without regard to case. */
  get(name: string): ServiceView | undefined;
  /**
   * Starts a service and those it depends on; nothing happens when it runs.
   * Errors: 1060 unknown, 1058 disabled, 1068 a dependency does not start, 1069 account changed,
   * 5 access, 1053 did not answer in time.
   */
  start(name: string): Promise<void>;
  /** Errors: 1051 dependents run (unless `force`), 1052 does not accept stop, 5 protected. */
  stop(name: string, options?: { force?: boolean }): Promise<void>;
  /** Stop (with dependents when `force`), start again what ran. */
  restart(name: string, options?: { force?: boolean }): Promise<void>;
  /** Writes start type or account to the registry, as `sc.exe config`. gpsvc refuses (5). */
  configure(name: string, change: { startType?: ServiceStartType; account?: string }): void;
}

export interface TcpListenerView {
  /** `0.0.0.0`. */
  address: string;
  port: number;
  pid: number;
}

export interface NetworkOps {
  /** `Get-NetTCPConnection -State Listen`. Process 4 is System. */
  listeners(): TcpListenerView[];
  /** Own IPv4 addresses, without loopback. */
  ownAddresses(): string[];
  /** `netsh int ipv4 show excludedportrange protocol=tcp`. */
  excludedPortRanges(): { start: number; end: number }[];
  /** Neither listened on nor excluded. */
  isPortFree(port: number): boolean;
  /** Where a connection to `127.0.0.1:port` inside the guest really goes; connect *from* `source`, which marks it as the guest's own. `undefined` when nothing listens. */
  localEndpoint(port: number): { address: string; port: number; source: string } | undefined;
  /** X.224 and TLS with the own listener over a real socket, as diagnosis does. Never throws. */
  handshake(port: number): Promise<HandshakeView>;
}

export interface HandshakeView {
  ok: boolean;
  /** Where it ended. */
  stage: 'connect' | 'negotiate' | 'tls' | 'done';
  detail: string;
  /** `TLSv1.2` and so on, when TLS came up. */
  tlsVersion?: string;
  /** Upper-case hex SHA-1 of the served certificate. */
  thumbprint?: string;
}

export type CertificateStore = 'Remote Desktop' | 'My';

export interface CertificateView {
  /** Upper-case hex SHA-1, as Windows shows it. */
  thumbprint: string;
  subject: string;
  issuer: string;
  /** Milliseconds since the epoch. */
  notBefore: number;
  notAfter: number;
  /** The store names a key container and its file is there and whole. Says nothing about who can read it. */
  hasPrivateKey: boolean;
  /** Name of the key's file in MachineKeys. */
  keyFile?: string;
  selfSigned: boolean;
  /** The blob cannot be parsed; then the other fields are empty or 0. */
  corrupt: boolean;
}

export interface CertificateOps {
  /** Names of the local machine stores that exist. */
  stores(): string[];
  /** Certificates of a local machine store; empty when the store is not there. */
  list(store: CertificateStore): CertificateView[];
  /** Error 2 when it is not there, 5 when something on this machine guards the store against local deletion. */
  remove(store: CertificateStore, thumbprint: string): void;
  /**
   * `\\address\store` on another machine of the network. Errors: 53 not reachable, 1722 Remote Registry not
   * running there, 5 the account has no rights there (SYSTEM of a workgroup machine never has; a local
   * administrator only with `LocalAccountTokenFilterPolicy` 1 on the target).
   */
  openRemote(address: string, store: CertificateStore): Promise<RemoteCertificateStore>;
}

export interface RemoteCertificateStore {
  list(): CertificateView[];
  remove(thumbprint: string): void;
}

export interface FirewallRuleView {
  /** Language-independent: `RemoteDesktop-UserMode-In-TCP`. */
  name: string;
  /** The rule string as stored. */
  raw: string;
  /** Group policy rules win and cannot be changed here. */
  source: 'local' | 'policy';
  active: boolean;
  action: 'Allow' | 'Block';
  direction: 'In' | 'Out';
  /** 6 TCP, 17 UDP; absent: any. */
  protocol?: number;
  /** `3389`, `5000-5010`, several; empty: any. */
  localPorts: string[];
  service?: string;
  /** `@FirewallAPI.dll,-28752`. */
  group?: string;
}

export interface FirewallOps {
  rules(): FirewallRuleView[];
  get(name: string): FirewallRuleView | undefined;
  /** Changes only the given fields of a local rule's string. Error 2 when it is not there. */
  set(name: string, change: { active?: boolean; action?: 'Allow' | 'Block'; localPort?: string }): void;
  /** Whether an inbound packet gets through: service running, no block rule, an allow rule. */
  lets(protocol: 'tcp' | 'udp', port: number): boolean;
}

export interface AppliedGpo {
  /** `{31B2F340-016D-11D2-945F-00C04FB984F9}`. */
  id: string;
  name: string;
}

export interface RsopValue {
  /** Without hive: `SOFTWARE\Policies\...`. */
  registryKey: string;
  valueName: string;
  gpoId: string;
  /** 1 wins. */
  precedence: number;
}

export interface PolicyOps {
  /** Applied computer GPOs (`RSOP_GPO`), preference-only ones too. */
  appliedGpos(): AppliedGpo[];
  /** True policy values only: preferences do not show here (`RSOP_RegistryPolicySetting`). */
  rsop(): RsopValue[];
  /** `gpupdate /force /target:computer`: error 1058 while gpsvc is disabled. Puts policy and preference values back. */
  refresh(): Promise<void>;
}

export interface EventQuery {
  log: 'System' | 'Security';
  ids?: readonly number[];
  provider?: string;
  /** Milliseconds since the epoch. */
  since?: number;
  /** Newest first, at most so many (default 256). */
  max?: number;
}

export interface EventView {
  log: 'System' | 'Security';
  id: number;
  provider: string;
  level: 'error' | 'warning' | 'information' | 'audit-failure';
  /** Milliseconds since the epoch. */
  time: number;
  /** Localised text: evidence, never to be parsed. */
  message: string;
  /** Named data: `IpAddress`, `WorkstationName`, `LogonType` of 4625. */
  data: Record<string, string>;
}

export interface EventOps {
  query(query: EventQuery): EventView[];
}

export interface InfoOps {
  readonly computerName: string;
  /** Product name, `Windows Server 2022 Datacenter`. */
  readonly osName: string;
  /** `10.0.20348`. */
  readonly osVersion: string;
  readonly build: number;
  /** `en-US`, `de-DE`. */
  readonly culture: string;
  readonly machineGuid: string;
  /** Of the VM agent; `undefined` when it is not installed. */
  readonly agentVersion: string | undefined;
  /** `undefined` in a workgroup. */
  readonly domain: string | undefined;
  /** The guest's clock, milliseconds since the epoch. */
  now(): number;
  /** The host's clock, as the Hyper-V time source gives it. */
  hostTime(): number;
  /** Localised account name of a well-known SID: `NT-AUTORITÄT\Netzwerkdienst`. */
  accountName(sid: string): string;
}
