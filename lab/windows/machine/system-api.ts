import type { RuleChange } from '../firewall.ts';

/** The system side of `Machine`: services, network, certificates, firewall, policy, events, facts. */

export type ServiceState = 'Running' | 'Stopped' | 'StartPending' | 'StopPending';
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
  /** When its process began, milliseconds since the epoch; `undefined` while it is stopped. */
  startedAt: number | undefined;
  /** `ObjectName` as in the registry. */
  account: string;
  imagePath: string;
  /** False for a service that does not accept the stop control, is on its way, or is protected. */
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
   * Starts a service and those it depends on; nothing happens when it runs. Waits until it is Running, as
   * `Start-Service` does, unless `wait` is false; the script's time goes on meanwhile.
   * Errors: 1060 unknown, 1056 still stopping, 1058 disabled, 1068 a dependency does not start, 1069 account
   * changed, 5 access.
   */
  start(name: string, options?: { wait?: boolean }): Promise<void>;
  /**
   * Waits until it is Stopped, for ever where it hangs (the script is then stuck: `ScriptStuck`), unless `wait` is
   * false (`-NoWait`). Errors: 1051 dependents run (unless `force`), 1052 does not accept stop, 1061 on its way, 5 protected.
   */
  stop(name: string, options?: { force?: boolean; wait?: boolean }): Promise<void>;
  /** Stop (with dependents when `force`), start again what ran; waits for both, as `stop` does. */
  restart(name: string, options?: { force?: boolean }): Promise<void>;
  /** Writes start type or account to the registry, as `sc.exe config`. gpsvc refuses (5). */
  configure(name: string, change: { startType?: ServiceStartType; account?: string }): void;
}

export interface ProcessView {
  pid: number;
  /** File name of its program: `svchost.exe`; `System` for 4. */
  name: string;
  /** Milliseconds since the epoch. */
  startedAt: number;
  /** Services that live in it, as spelled in the registry. */
  services: string[];
}

export interface ProcessOps {
  get(pid: number): ProcessView | undefined;
  /**
   * `Stop-Process -Force`: ends it, and whatever services are in it, hung ones too.
   * Errors: 87 there is none, 5 System, LSASS, a protected process or one Windows cannot be without.
   */
  stop(pid: number): Promise<void>;
}

export interface TcpListenerView {
  /** `0.0.0.0`, or `127.0.0.1` for one that this machine alone hears. */
  address: string;
  port: number;
  pid: number;
}

export interface NetworkOps {
  /** `Get-NetTCPConnection -State Listen`. Process 4 is System. */
  listeners(): TcpListenerView[];
  /** Own IPv4 addresses, without loopback. */
  ownAddresses(): string[];
  /** `netsh int ipv4 show excludedportrange protocol=tcp`. Error 2 where netsh.exe is gone. */
  excludedPortRanges(): { start: number; end: number }[];
  /** Neither listened on nor excluded. */
  isPortFree(port: number): boolean;
  /** Where a connection to `127.0.0.1:port` inside the guest really goes; connect *from* `source`, which marks it as the guest's own. `undefined` when nothing listens. */
  localEndpoint(port: number): { address: string; port: number; source: string } | undefined;
  /**
   * X.224 and TLS with the own listener over a real socket, as diagnosis does. Never throws. `names`: the protocols
   * are named; without that .NET's default counts, which up to Server 2016 is SSL 3.0 and TLS 1.0.
   */
  handshake(port: number, options?: { names?: boolean }): Promise<HandshakeView>;
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
  /**
   * Opens the private key in a container of the machine (`TSSecKeySet1`), or in a file of MachineKeys, as the account.
   * HRESULTs, unsigned: 0x80090016 no such keyset, 0x80090010 access denied, 0x80090005 bad data, 0x8009001A.
   */
  openKey(container: string): void;
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
  /** `Domain`, `Private`, `Public`; empty: all. */
  profiles: string[];
  /** `10.0.0.0/255.0.0.0`, `LocalSubnet`; empty: any. */
  remoteAddresses: string[];
  service?: string;
  /** `@FirewallAPI.dll,-28752`. */
  group?: string;
}

export interface FirewallOps {
  rules(): FirewallRuleView[];
  get(name: string): FirewallRuleView | undefined;
  /** Changes only the given fields of a local rule's string. Error 2 when it is not there. */
  set(name: string, change: RuleChange): void;
  /** Deletes a local rule. Error 2 when it is not there. */
  remove(name: string): void;
  /**
   * Whether an inbound packet from an address (the service's own without one) gets through: no block rule for it, an
   * allow rule for it, in the profile the network has.
   */
  lets(protocol: 'tcp' | 'udp', port: number, source?: string): boolean;
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
  /**
   * `gpupdate /force /target:computer`: puts policy and preference values back. Error 1058 while gpsvc is disabled,
   * 1355 while no domain controller answers. Where a policy installs software it asks whether it may restart, and
   * waits for ever (`ScriptStuck`) when nobody answers: `answer` is what stands in its input. `waitSeconds`: how long it
   * waits for the end (`/wait:`), which it says it has not seen after that.
   */
  refresh(options?: {
    answer?: 'y' | 'n';
    waitSeconds?: number;
  }): Promise<{ asked: boolean; isDone: boolean }>;
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
  /** `5.1`; `4.0` on Server 2012 R2 as delivered. */
  readonly powerShellVersion: string;
  /** Whether anything that asks WMI gets an answer: `Get-CimInstance`, and every command of a CDXML module. */
  readonly wmiWorks: boolean;
  /** Whether a program of Windows is there: `netsh.exe`. */
  hasProgram(name: string): boolean;
  /** Days the licensing grace period of Remote Desktop Services still has; `undefined` without that role. */
  readonly licensingGraceDays: number | undefined;
  /** Free bytes of Windows' own volume. */
  readonly freeBytes: number;
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
