import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../shared/clock.ts';
import type { policySchema } from '../shared/repair/policy/schema.ts';
import type * as z from 'zod';
import { behind } from '../lab/clock/behind.ts';
import { LAB_GROUP_ID, startLab, type Lab, type LabOptions } from '../lab/arm/start-lab.ts';
import { makeFleet, makeImages, type FleetVm } from '../lab/fleet/index.ts';
import { createGuestFactory } from '../lab/windows/factory.ts';
import type { ScriptEngine } from '../lab/windows/guest.ts';
import { APP_ENTRY, HOST_JSON } from './app-entry.ts';
import { startHost, type EmbeddedHost } from './host/start-host.ts';

export interface StageOptions {
  clock: Clock;
  /** Where the durable state and the settings' files lie. */
  folder: string;
  /** Connection string of the storage account. */
  storage: string;
  /** How guest scripts run; `model` unless given. */
  engine?: ScriptEngine;
  /** Port of the host; any free one unless given. */
  port?: number;
  /** The VMs there are; the whole fleet unless given. */
  fleet?: FleetVm[];
  lab?: Partial<LabOptions>;
  /** Whether timer triggers fire by their schedule; `off` unless given, since a virtual clock would jump for ever. */
  timerTriggers?: 'on' | 'off';
  policy?: z.input<typeof policySchema>;
  /** How long the service waits for RDP at one address, in real seconds: no virtual clock shortens it. */
  probeSeconds?: number;
  /**
   * For a stage that nobody comes back to: the durable state is in memory, and orchestrators are kept between turns and replayed at their
   * end alone, which takes two thirds of the time.
   */
  brief?: boolean;
  /** Keeps the durable state of a brief stage in a file as well: that of a thousand remediations is more than all else in memory. */
  stateInFile?: boolean;
  /** URL or path of the app's entry module; this checkout's, or this package's, unless given. */
  entry?: string;
  /** Starts the host; another than the usual one where it is to die and to be started again. */
  startHost?: typeof startHost;
  log?: (line: string) => void;
  /** Settings of the app beyond those that point it at the lab. */
  settings?: Readonly<Record<`RDP_MEDIC_${string}`, string>>;
}

/** The whole service on one machine: the app in the embedded host, before a simulated Azure with a broken fleet. */
export interface Stage {
  fleet: FleetVm[];
  lab: Lab;
  host: EmbeddedHost;
  /** Calls the service's own API. */
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>;
  /** As `call`, by somebody who has the approvers' secret as well. */
  callAsApprover(method: string, path: string, body?: unknown): Promise<Response>;
  close(): Promise<void>;
}

/** What approvers of the stage send beside the function key. */
export const APPROVER_SECRET = 'the secret of approvers on the stage';

/** What the stage gives its callers unless a policy says otherwise: the lab's owner is whoever plays with it. */
const OPEN_HANDED: z.input<typeof policySchema> = {
  peers: { allowed: true },
  sources: {
    alert: { perHour: 1000 },
    caller: {
      restoreWays: ['swap', 'rebuild'],
      options: ['newRdpPort', 'legacyTls', 'peerVmId', 'keepDays'],
      addresses: ['*'],
      // A host that dies before it has answered has counted the start that its caller asks for once more.
      perHour: 10_000,
    },
  },
};

/** Where administrators sit, as network security groups see it: what the fleet's RDP is to be restricted to. */
export const ADMIN_ADDRESS = '198.51.100.7';

/** Starts lab and host. The app is told by its settings alone where Azure is. */
export async function openStage(options: StageOptions): Promise<Stage> {
  const { clock, folder, engine = 'model', brief = false, stateInFile = !brief, log } = options;
  mkdirSync(folder, { recursive: true });
  const fleet = options.fleet ?? makeFleet({ now: clock.now() });
  const lab = await startLab({
    clock,
    guests: createGuestFactory({ engine }),
    fleet: async (lab) => {
      lab.addImage(...makeImages());
      for (const { spec } of fleet) await lab.addVm(spec);
    },
    probeSource: ADMIN_ADDRESS,
    ...options.lab,
  });
  Object.assign(process.env, labSettings(lab, options), options.settings);
  const host = await (options.startHost ?? startHost)({
    entry: options.entry ?? APP_ENTRY,
    hostJson: HOST_JSON,
    statePath: stateInFile ? join(folder, 'durable.sqlite') : ':memory:',
    clock: behind(clock),
    storageConnection: options.storage,
    timerTriggers: options.timerTriggers ?? 'off',
    extendedSessions: brief,
    ...(options.port === undefined ? {} : { port: options.port }),
    ...(log ? { log } : {}),
  });
  if (host.startupError) throw host.startupError;
  const call: Stage['call'] = (method, path, body, headers = {}) =>
    fetch(host.url + path, {
      method,
      headers: {
        // As an operator would: the extension and the admin addresses take no function key.
        'x-functions-key': /^\/(?:admin|runtime)\//.test(path) ? host.masterKey : host.functionKey,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
  return {
    fleet,
    lab,
    host,
    call,
    callAsApprover: (method, path, body) =>
      call(method, path, body, { 'x-rdp-medic-approver': APPROVER_SECRET }),
    close: async () => {
      await host.close();
      await lab.close();
    },
  };
}

/** App settings that point the app at the lab: endpoint, certificate authority, managed identity, storage, policy. */
export function labSettings(
  lab: Lab,
  {
    folder,
    storage,
    policy,
    probeSeconds,
  }: Pick<StageOptions, 'folder' | 'storage' | 'policy' | 'probeSeconds'>,
): Record<string, string> {
  const policyFile = join(folder, 'policy.json');
  writeFileSync(policyFile, JSON.stringify({ ...OPEN_HANDED, ...(policy ?? defaultPolicy(lab)) }));
  return {
    AzureWebJobsStorage: storage,
    ...azureSettings(lab, folder),
    RDP_MEDIC_POLICY: policyFile,
    RDP_MEDIC_APPROVER_SECRET: APPROVER_SECRET,
    RDP_MEDIC_SESSION_SECRET: randomBytes(32).toString('hex'),
    ...(probeSeconds !== undefined && { RDP_MEDIC_PROBE_SECONDS: String(probeSeconds) }),
  };
}

/** Settings by which any client finds the lab: endpoint, certificate authority, managed identity. */
export function azureSettings(lab: Lab, folder: string): Record<string, string> {
  const caFile = join(folder, 'lab-ca.pem');
  writeFileSync(caFile, lab.caPem);
  return {
    IDENTITY_ENDPOINT: lab.identity.endpoint,
    IDENTITY_HEADER: lab.identity.header,
    RDP_MEDIC_ARM_ENDPOINT: lab.url,
    RDP_MEDIC_ARM_CA_FILE: caFile,
    // Every address of the lab is one of this machine's own.
    RDP_MEDIC_PRIVATE_ROUTE: 'yes',
  };
}

function defaultPolicy(lab: Lab): z.input<typeof policySchema> {
  const peer = lab.store.virtualMachines.within(LAB_GROUP_ID).find(({ name }) => name === 'peer');
  return {
    limits: { coolDownMinutes: 0, attemptsPerDay: 100, concurrentPerSubscription: 100 },
    defaults: { options: { adminAddresses: [ADMIN_ADDRESS], ...(peer ? { peerVmId: peer.id } : {}) } },
  };
}
