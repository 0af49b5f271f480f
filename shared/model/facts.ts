import * as z from 'zod';

/**
 * What Windows *is*, raw and language-free, as `guest/collect.ps1` reads it: the same words for a running Windows and for
 * one on a disk. Judgement is not here but in `shared/causes`. Whatever could not be read says why; that is never "no fault".
 * All of it is a stranger's claim: bounded here, and never spliced into anything.
 */

const count = z.int().min(0).max(10_000_000);
const shortText = z.string().max(256);
const moment = z.iso.datetime();
/** A TCP port as a listener has it. */
const port = z.int().min(1).max(65_535);

/** Why something could not be read: the Win32 error or HRESULT (as an unsigned number), and Windows' own words, which are localised. */
const errorCode = z.int().min(0).max(0xffff_ffff);
const unreadSchema = z.object({ code: errorCode, text: shortText });
export type Unread = z.infer<typeof unreadSchema>;

/**
 * One registry value, unexpanded. `data`: REG_DWORD as an unsigned number; REG_QWORD as decimal text; REG_BINARY as lower-case
 * hex; REG_MULTI_SZ as a list. A value whose bytes do not fit its kind (a REG_DWORD of three bytes) has the kind `Malformed`.
 */
const registryValueSchema = z.object({
  name: shortText,
  kind: z.enum(['DWord', 'QWord', 'String', 'ExpandString', 'MultiString', 'Binary', 'Malformed', 'Other']),
  data: z.union([
    z.int().min(0).max(0xffff_ffff),
    z.string().max(8192),
    z.array(z.string().max(1024)).max(512),
  ]),
});
export type RegistryFact = z.infer<typeof registryValueSchema>;

/** A key of the constant query (`shared/causes`): only the values asked for. */
const registryKeySchema = z.object({
  hive: z.enum(['system', 'software']),
  /** `ControlSet001`; empty for the SOFTWARE hive. On a running Windows only the current set is read. */
  set: z.string().regex(/^(|ControlSet\d{3})$/),
  /** Below the control set or the hive's root: `Control\\Terminal Server`. */
  path: shortText,
  state: z.enum(['here', 'missing', 'unread']),
  values: z.array(registryValueSchema).max(64),
  error: unreadSchema.nullable(),
});
export type RegistryKeyFact = z.infer<typeof registryKeySchema>;

/** A list that may be long: what is in it, capped, and how many there are in truth. */
const capped = <Item extends z.ZodType>(item: Item, most: number) =>
  z.object({ total: count, items: z.array(item).max(most), error: unreadSchema.nullable() });

/** A service as the service control manager has it; it differs from the registry until the next start of Windows. */
const serviceSchema = z.object({
  name: shortText,
  state: z.enum([
    'Running',
    'Stopped',
    'StartPending',
    'StopPending',
    'Paused',
    'PausePending',
    'ContinuePending',
    'Unknown',
  ]),
  start: z.enum(['Boot', 'System', 'Automatic', 'Manual', 'Disabled', 'Unknown']),
  /** 0 while it is stopped. */
  pid: count,
  /** When its process began; absent while it is stopped, or where Windows does not tell. */
  startedAt: moment.nullable(),
  account: shortText,
});
export type ServiceFact = z.infer<typeof serviceSchema>;

/** Who listens on a port: one row a process and address. */
const listenerSchema = z.object({
  /** `0.0.0.0`, `::`, `127.0.0.1`. */
  address: z.string().max(64),
  port,
  pid: count,
  /** File name of the process, without its folder; empty for System. */
  process: shortText,
  /** Names of the services in that process. */
  services: z.array(shortText).max(64),
  /** Whether all of them accept the stop control and none is one that a VM cannot do without. */
  canStop: z.boolean(),
  /** Whether one of them starts with Windows. */
  startsWithWindows: z.boolean(),
});
export type ListenerFact = z.infer<typeof listenerSchema>;

/** One certificate as a digest: parsing a stranger's certificate beside the app's identity is avoided. */
const certificateSchema = z.object({
  /** Upper-case hex SHA-1: the name of its registry key. */
  thumbprint: z.string().regex(/^[0-9A-F]{1,64}$/),
  /** `corrupt`: in the registry, but no certificate can be read from it; then only the thumbprint counts. */
  state: z.enum(['parsed', 'corrupt']),
  notBefore: moment.nullable(),
  notAfter: moment.nullable(),
  algorithm: z.enum(['RSA', 'ECDSA', 'other', 'unknown']),
  bits: count,
  /** Subject and issuer are the same. */
  selfIssued: z.boolean(),
  /** Whether its property list names a private key. */
  namesKey: z.boolean(),
});
export type CertificateFact = z.infer<typeof certificateSchema>;

/** A file or folder with who may do what, or the error that kept us from seeing it. */
const securedPathSchema = z.object({
  state: z.enum(['here', 'missing', 'unread']),
  /** SID of the owner; empty where it could not be read. */
  owner: z.string().max(184),
  /** Security descriptor, `D:` part with inherited entries, in SDDL; empty where it could not be read. */
  sddl: z.string().max(8192),
  error: unreadSchema.nullable(),
});
export type SecuredPathFact = z.infer<typeof securedPathSchema>;

const keysSchema = z.object({
  /** `ProgramData\\Microsoft\\Crypto\\RSA\\MachineKeys`. */
  folder: securedPathSchema,
  /** Key of the self-signed certificate, container `TSSecKeySet1`. */
  rdpKey: securedPathSchema,
  /** Key of the bound certificate; `null` where none is bound, or where its file cannot be told. */
  boundKey: securedPathSchema.nullable(),
  /** Whether RDP's own key opens: a live question. `unknown` offline and where the provider gave another answer. */
  opens: z.enum(['yes', 'no', 'unknown']),
  /** What the provider said where it does not open (HRESULT, unsigned). */
  opensCode: errorCode,
  /** Files in the folder, counted up to 10,000; 0 where it could not be listed. */
  files: count,
});

const firewallRuleSchema = z.object({
  /** Language-independent name, `RemoteDesktop-UserMode-In-TCP`. */
  name: shortText,
  source: z.enum(['local', 'policy']),
  /** As stored: `v2.31|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=3389|…`. */
  rule: z.string().max(4096),
});
export type FirewallRuleFact = z.infer<typeof firewallRuleSchema>;

const handshakeSchema = z.object({
  /** Where a client's own handshake with 127.0.0.1 ended ([MS-RDPBCGR] 2.2.1.1); `untried` offline. */
  stage: z.enum(['untried', 'connect', 'negotiate', 'tls', 'done']),
  /** `Tls12` and the like, as .NET names it; empty where TLS did not come up. */
  protocol: z.string().max(32),
  /** Of the served certificate; empty where none was served. */
  thumbprint: z.string().regex(/^[0-9A-F]{0,64}$/),
});

const eventCountSchema = z.object({
  provider: shortText,
  id: count,
  count,
  last: moment,
});
export type EventCountFact = z.infer<typeof eventCountSchema>;

const logonSourceSchema = z.object({ source: shortText, count });

const policyValueSchema = z.object({
  /** Without the hive: `SOFTWARE\\Policies\\…`. */
  key: shortText,
  name: shortText,
  /** Display name of the winning Group Policy object; empty where it could not be told. */
  gpo: shortText,
});

const bootElementSchema = z.object({
  object: z.enum(['bootmgr', 'loader', 'emssettings']),
  element: z.enum(['displaybootmenu', 'timeout', 'bootems', 'ems', 'emsport', 'emsbaudrate']),
  /** `true`, `false` or a decimal number; `null` where it does not exist. */
  value: z.string().max(32).nullable(),
});
export type BootElementFact = z.infer<typeof bootElementSchema>;

/** One Windows on the disk (offline): the one that its boot loader starts is read, the others are only named. */
const installationSchema = z.object({
  partition: count,
  build: count,
  chosen: z.boolean(),
});

export const factsSchema = z.object({
  schema: z.literal(2),
  scope: z.enum(['online', 'offline']),
  /** The clock of the Windows that answers: the broken VM's own online, the rescue VM's offline. */
  at: moment,
  windows: z.object({
    name: shortText,
    build: count,
    /** `de-DE`; empty where it could not be told. */
    language: z.string().max(32),
    computer: z.string().max(64),
    /** Empty in a workgroup. */
    domain: shortText,
    machineGuid: z.string().max(64),
    /** Version of the VM agent; empty where it is not installed, and offline. */
    agent: z.string().max(64),
    /** Version of the PowerShell that collected. */
    powerShell: z.string().max(32),
    /** Windows updates that finish at the next start (`CBS RebootPending`, `pending.xml`). */
    updatesPending: z.boolean(),
  }),
  /** The control sets that count: the current one first, then the default one where it differs (offline). */
  sets: z.array(z.string().regex(/^ControlSet\d{3}$/)).max(4),
  registry: z.array(registryKeySchema).max(256),
  services: capped(serviceSchema, 32),
  /** On the RDP port; empty offline. */
  listeners: capped(listenerSchema, 32),
  /** TCP port ranges that Windows keeps for itself, from and to. */
  reservedPorts: capped(z.tuple([count, count]), 64),
  /** The store "Remote Desktop". */
  rdpCertificates: capped(certificateSchema, 16),
  /** The one bound to the listener by `SSLCertificateSHA1Hash`, in `My` or `Remote Desktop`; `null` where it is in neither. */
  boundCertificate: certificateSchema.nullable(),
  keys: keysSchema,
  /** RDP's own rules, and every active inbound Block rule, local ones and those of policies. */
  firewallRules: capped(firewallRuleSchema, 48),
  handshake: handshakeSchema,
  /** RDP, Schannel and service events of the last 24 hours, newest first. */
  events: capped(eventCountSchema, 32),
  /** Security 4625 of the last 24 hours (at most 5,000 counted), by address or workstation. */
  failedLogons: capped(logonSourceSchema, 8),
  /** Values of the query that Group Policy sets, with the object they come from. */
  policies: capped(policyValueSchema, 32),
  /** Display names of the applied computer policies. */
  appliedPolicies: capped(shortText, 16),
  /** Free and whole space of Windows' volume, bytes as decimal text. */
  space: z.object({ free: z.string().regex(/^\d{1,20}$/), size: z.string().regex(/^\d{1,20}$/) }).nullable(),
  /** Seconds the clock is ahead (positive) or behind of the host's, where it could be asked. */
  clockAheadSeconds: z.int().nullable(),
  boot: z.array(bootElementSchema).max(16),
  installations: z.array(installationSchema).max(8),
  /** Changes that a run which was cut off still owes (names of journal entries), oldest first. */
  owed: z.array(shortText).max(32),
  /** Parts that could not be read at all: the part's name above, or a check of its own. */
  unread: z.array(z.object({ what: z.string().max(64), error: unreadSchema })).max(64),
});
export type Facts = z.infer<typeof factsSchema>;
