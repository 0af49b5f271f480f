import * as z from 'zod';

/**
 * A change to Windows as data: shown, compared, approved, and then carried out by `guest/apply.ps1`. *Plain* ones compare, write
 * and read back; *verbs* are small PowerShell functions in which acting and looking belong together. Arguments come from closed
 * domains: `guest/apply.ps1` holds the same ones as constants and refuses anything else. There is no control flow in data.
 */

/** What stands in a registry value; `null`: the value does not exist. */
const registryDataSchema = z.union([
  z.null(),
  z.object({ kind: z.literal('DWord'), data: z.int().min(0).max(0xffff_ffff) }),
  z.object({ kind: z.enum(['String', 'ExpandString']), data: z.string().max(1024) }),
  z.object({ kind: z.literal('MultiString'), data: z.array(z.string().max(1024)).max(512) }),
  z.object({
    kind: z.literal('Binary'),
    data: z
      .string()
      .regex(/^([0-9a-f]{2})*$/)
      .max(8192),
  }),
]);
export type RegistryData = z.infer<typeof registryDataSchema>;

const registryChangeSchema = z.strictObject({
  do: z.literal('registry'),
  hive: z.enum(['system', 'software']),
  /** `ControlSet001` offline, `CurrentControlSet` on a running Windows; empty for SOFTWARE. */
  set: z.string().regex(/^(|CurrentControlSet|ControlSet\d{3})$/),
  path: z.string().max(256),
  name: z.string().max(256),
  /** As the facts have it. Something else than this and than `after` there: the change is refused, `Moved`. */
  before: registryDataSchema,
  after: registryDataSchema,
});

/** Services whose start type and account a repair may set. */
export const NAMED_SERVICES = [
  'TermService',
  'SessionEnv',
  'UmRdpService',
  'CertPropSvc',
  'KeyIso',
  'CryptSvc',
] as const;
export const namedServiceSchema = z.enum(NAMED_SERVICES);

/** Ports RDP may be moved to where nobody named one: two ranges, since Hyper-V reserves blocks of a hundred. */
export const CANDIDATE_PORTS: readonly number[] = [
  ...Array.from({ length: 10 }, (_, index) => 3390 + index),
  ...Array.from({ length: 10 }, (_, index) => 33_890 + index),
];

const setOfChange = z.string().regex(/^(CurrentControlSet|ControlSet\d{3})$/);
const thumbprint = z.string().regex(/^[0-9A-F]{1,64}$/);
/** Upper-case hex SHA-256 of a name that a guest chose (UTF-16LE, upper case): such names never travel back into a guest. */
const nameHash = z.string().regex(/^[0-9A-F]{64}$/);

/**
 * The verbs, each with its arguments. What each may write (footprint), how it may end (outcomes) and its deadline: `VERBS`.
 * Offline (`set` names a control set) a verb writes only what the disk holds; nothing is started there.
 */
const verbSchemas = [
  /**
   * Makes RDP the only one on its port: stops who holds it (the services go to manual start), or moves RDP away. `to` 0: the first
   * free candidate. Offline always a move: `to` is the port.
   */
  z.strictObject({
    do: z.literal('Take-Port'),
    set: setOfChange,
    port: z.int().min(0).max(0xffff_ffff),
    to: z.int().min(0).max(65_535),
  }),
  /** Restarts services of RDP in the order SessionEnv, TermService (UmRdpService comes along). Online only. */
  z.strictObject({
    do: z.literal('Restart-RdpServices'),
    services: z
      .array(z.enum(['SessionEnv', 'TermService']))
      .min(1)
      .max(2),
    /** Process ids as the facts have them (0: stopped): another one now means that it was restarted since. */
    pids: z.array(z.int().min(0)).min(1).max(2),
  }),
  /** Makes the folder or a key usable again: owner, the runbook's three grants, entries that deny; a missing folder is made. */
  z.strictObject({
    do: z.literal('Repair-KeyAccess'),
    what: z.enum(['folder', 'rdp-key', 'bound-key']),
  }),
  /**
   * Deletes the self-signed certificates named (their keys stay), moves RDP's key aside where `keyAside`; online it restarts
   * SessionEnv and TermService and waits for the new certificate.
   */
  z.strictObject({
    do: z.literal('Renew-Certificate'),
    thumbprints: z.array(thumbprint).max(16),
    /** Also every other self-signed one of the store that cannot be used: there are more than the facts name. */
    others: z.boolean(),
    keyAside: z.boolean(),
  }),
  /** Start type and, where `account` says so, Windows' own account of one of the named services; starts it online where `run`. */
  z.strictObject({
    do: z.literal('Set-ServiceStart'),
    set: setOfChange,
    service: namedServiceSchema,
    start: z.enum(['Automatic', 'Manual', 'keep']),
    account: z.enum(['default', 'keep']),
    run: z.boolean(),
  }),
  /** Makes RDP's own rule let RDP in (made anew, on, Allow, the port, any profile and address), or switches a Block rule off. */
  z.strictObject({
    do: z.literal('Set-FirewallRule'),
    set: setOfChange,
    rule: z.union([
      z.enum(['RemoteDesktop-UserMode-In-TCP', 'RemoteDesktop-UserMode-In-UDP']),
      z.strictObject({ blocks: nameHash }),
    ]),
    port: z.int().min(1).max(65_535),
    /** Which fields to set; others stay as they are. `off` is for a Block rule, `make` for RDP's own that is gone. */
    fields: z
      .array(z.enum(['make', 'active', 'action', 'port', 'profile', 'address', 'off']))
      .min(1)
      .max(6),
  }),
  /** Gives Group Policy back to Windows and refreshes the computer's policies. Online only. */
  z.strictObject({ do: z.literal('Refresh-Policy') }),
  /** Serial console on in the boot store. Offline only. */
  z.strictObject({ do: z.literal('Set-SerialConsole') }),
] as const;

export const changeSchema = z.discriminatedUnion('do', [registryChangeSchema, ...verbSchemas]);
export type Change = z.infer<typeof changeSchema>;
export type RegistryChange = Extract<Change, { do: 'registry' }>;
export type VerbChange = Exclude<Change, RegistryChange>;
export type VerbName = VerbChange['do'];

/** How a plain change may end: written and read back; stood there already; neither before nor after stands there; Windows refused. */
export const PLAIN_OUTCOMES = ['written', 'stands', 'moved', 'refused'] as const;

interface Verb {
  /** Closed words in which it may end, the good ones first. `stands`: nothing was to be done. */
  readonly outcomes: readonly string[];
  /** Those after which its work is done. */
  readonly good: readonly string[];
  /** All that it may write, for people and for the plan. */
  readonly footprint: readonly string[];
  /** For people: what it does, as a clause after "will". */
  readonly does: string;
  /** Seconds after which it gives up by itself. */
  readonly deadline: number;
}

/** What each verb may do and how it may end; its arguments are above, its work in `guest/lib/verbs`. */
export const VERBS: Readonly<Record<VerbName, Verb>> = {
  'Take-Port': {
    outcomes: ['stands', 'freed', 'moved', 'no-free-port', 'not-served', 'refused'],
    good: ['stands', 'freed', 'moved'],
    footprint: [
      'state and start type of the services that use the port, and of those that depend on them',
      'PortNumber of RDP-Tcp',
      'local ports of the rules RemoteDesktop-UserMode-In-TCP and -UDP',
      'TermService is restarted',
    ],
    does: 'stop the program that uses the RDP port, or move RDP to another port',
    deadline: 240,
  },
  'Restart-RdpServices': {
    outcomes: ['stands', 'restarted', 'start-failed', 'hung', 'disabled', 'refused'],
    good: ['stands', 'restarted'],
    footprint: [
      'SessionEnv, TermService and UmRdpService are restarted; open sessions end',
      'services that were stopped for RDP are restored if RDP no longer uses their port',
    ],
    does: 'restart the Remote Desktop services',
    deadline: 180,
  },
  'Repair-KeyAccess': {
    outcomes: ['stands', 'repaired', 'made', 'missing', 'refused'],
    good: ['stands', 'repaired', 'made'],
    footprint: ['owner and permissions of MachineKeys and of the RDP key'],
    does: 'restore the permissions of Windows on the RDP private key',
    deadline: 60,
  },
  'Renew-Certificate': {
    outcomes: ['renewed', 'deleted', 'guarded', 'not-renewed', 'refused'],
    good: ['renewed', 'deleted'],
    footprint: [
      'self-signed certificates of the store "Remote Desktop" are deleted',
      'a damaged RDP key is moved to another folder',
      'SessionEnv and TermService are restarted',
    ],
    does: 'delete the self-signed RDP certificate so that Windows creates a new one',
    deadline: 240,
  },
  'Set-ServiceStart': {
    outcomes: ['stands', 'set', 'start-failed', 'missing', 'refused'],
    good: ['stands', 'set'],
    footprint: ['start type and account of one service; it is started'],
    does: 'reset a Windows service to its default start type and account',
    deadline: 120,
  },
  'Set-FirewallRule': {
    outcomes: ['stands', 'set', 'missing', 'refused'],
    good: ['stands', 'set'],
    footprint: ['one rule of Windows Firewall'],
    does: 'allow RDP through Windows Firewall',
    deadline: 60,
  },
  'Refresh-Policy': {
    outcomes: ['refreshed', 'needs-restart', 'no-domain-controller', 'needs-answer', 'timed-out', 'refused'],
    good: ['refreshed'],
    footprint: ['start type of gpsvc, and everything that the computer policies set'],
    does: 're-enable Group Policy and refresh the policies',
    deadline: 300,
  },
  'Set-SerialConsole': {
    outcomes: ['stands', 'set', 'missing', 'refused'],
    good: ['stands', 'set'],
    footprint: ['boot menu, EMS of boot manager and loader, EMS settings in the boot store'],
    does: 'enable the serial console',
    deadline: 60,
  },
};

/** One thing that was written, with what stood there before and what stands there now. */
const writtenSchema = z.object({
  what: z.string().max(64),
  target: z.string().max(512),
  before: z.string().max(512).nullable(),
  after: z.string().max(512).nullable(),
});
export type Written = z.infer<typeof writtenSchema>;

/** How one change ended. */
export const outcomeOfChangeSchema = z.object({
  /** Index of the change in the list that was sent. */
  change: z.int().min(0).max(63),
  do: z.string().max(32),
  /** A word of `PLAIN_OUTCOMES` or of the verb's own. */
  word: z.string().regex(/^[a-z-]{1,32}$/),
  wrote: z.array(writtenSchema).max(64),
  /** Small facts of a verb, such as `newPort`; for a service that does not start its error code. */
  data: z
    .array(
      z.object({ name: z.string().max(64), value: z.union([z.string().max(256), z.number(), z.boolean()]) }),
    )
    .max(16),
  /** What Windows said, where it refused; localised. */
  error: z.object({ code: z.int().min(0).max(0xffff_ffff), text: z.string().max(256) }).nullable(),
});
export type OutcomeOfChange = z.infer<typeof outcomeOfChangeSchema>;
