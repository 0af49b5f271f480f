import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { channelsOf, type Channel } from './notify/channels.ts';
import { takeDownSchema, type TakeDown } from './model/settings.ts';

const HUB_NAME = 'AzureFunctionsJobHost__extensions__durableTask__hubName';

const settingsSchema = z.object({
  /** Connection string of the storage account; or, with identity, its blob and queue addresses. */
  AzureWebJobsStorage: z.string().optional(),
  AzureWebJobsStorage__blobServiceUri: z.url().optional(),
  AzureWebJobsStorage__queueServiceUri: z.url().optional(),
  [HUB_NAME]: z.string().default(''),
  /** What this deployment calls itself in the tags of all it makes; derived from storage account and task hub where left out. */
  RDP_MEDIC_DEPLOYMENT: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/)
    .optional(),
  /**
   * Where the whole output of guest scripts goes: the app's own storage, nowhere (VMs have no way to it, as to an emulator on somebody's
   * own machine), or another account, by its blob address (with identity) or connection string.
   */
  RDP_MEDIC_EVIDENCE: z
    .string()
    .regex(
      /^(storage|none|https:\/\/\S+|\S*BlobEndpoint=\S+|\S*AccountName=\S+)$/,
      'must be storage, none, an https address or a connection string',
    )
    .default('storage'),
  /** Endpoint of Azure Resource Manager; the public cloud's where left out. */
  RDP_MEDIC_ARM_ENDPOINT: z.url().optional(),
  /** Audience of its tokens; the public cloud's where left out. */
  RDP_MEDIC_ARM_AUDIENCE: z.url().optional(),
  /** PEM file of a further certificate authority that the endpoint's certificate comes from. */
  RDP_MEDIC_ARM_CA_FILE: z.string().optional(),
  /** Size of the rescue VM that is tried first; the smallest that the region offers where left out. */
  RDP_MEDIC_RESCUE_VM_SIZE: z.string().min(1).optional(),
  /** Account (`DOMAIN\\name`) as which a peer deletes a certificate on another VM, and its password (a Key Vault reference). */
  RDP_MEDIC_PEER_USER: z.string().min(1).optional(),
  RDP_MEDIC_PEER_PASSWORD: z.string().min(1).optional(),
  /** How a VM is taken down for its offline repair. */
  RDP_MEDIC_TAKE_DOWN: takeDownSchema.default('deallocate'),
  /** Whether a route leads from the app into the VMs' networks, so that RDP may be asked at private addresses. */
  RDP_MEDIC_PRIVATE_ROUTE: z.enum(['yes', 'no']).default('no'),
  /** How long RDP is waited for at one address, in seconds: a handshake over a slow line takes some. */
  RDP_MEDIC_PROBE_SECONDS: z.coerce.number().min(0.1).max(60).default(5),
  /** Addresses of a Teams workflow, of an incoming webhook of Slack, and of any other webhook: who has one may write there. */
  RDP_MEDIC_NOTIFY_TEAMS: z.string().optional(),
  RDP_MEDIC_NOTIFY_SLACK: z.string().optional(),
  RDP_MEDIC_NOTIFY_WEBHOOK: z.string().optional(),
  /** Hosts that the webhook may be on, and the secret by which its receiver knows us (`whsec_…`). */
  RDP_MEDIC_NOTIFY_WEBHOOK_HOSTS: z.string().optional(),
  RDP_MEDIC_NOTIFY_WEBHOOK_SECRET: z.string().optional(),
  /** Who is let in: holders of a function key, or people whom App Service authentication has signed in. */
  RDP_MEDIC_AUTH: z.enum(['key', 'entra']).default('key'),
  /** The Entra ID tenant whose people are let in, with `entra`. */
  RDP_MEDIC_TENANT: z.guid().optional(),
  /** What approvers send beside the key, with `key` (a Key Vault reference). */
  RDP_MEDIC_APPROVER_SECRET: z.string().min(16, 'must have at least 16 characters').optional(),
  /** What sessions of the page are signed with, with `key` (a Key Vault reference): long and random, since a signature can be tried at leisure. */
  RDP_MEDIC_SESSION_SECRET: z.string().min(32, 'must have at least 32 characters').optional(),
});

export interface Config {
  /** Task hub of the durable engine; `default` where host.json's own holds. */
  hub: string;
  /** Only what bears this id is ever cleaned up or swept. */
  deployment: string;
  storage: { connectionString: string } | { blobServiceUri: string; queueServiceUri: string };
  /** Where guest scripts leave their whole output: `storage`, the app's own; `none`; or another account. */
  evidence: 'storage' | 'none' | { blobServiceUri: string } | { connectionString: string };
  arm: { endpoint: string | undefined; audience: string | undefined; ca: string | undefined };
  rescueVmSize: string | undefined;
  peerAccount: { user: string; password: string } | undefined;
  takeDown: TakeDown;
  privateRoute: boolean;
  /** Where people are notified. */
  channels: readonly Channel[];
  probeTimeoutMs: number;
  /** Whose calls are let in: holders of a function key, or people whom App Service authentication has signed in. */
  auth: 'key' | 'entra';
  /** The tenant whose people are let in, with `entra`. */
  tenant: string | undefined;
  /** What approvers send beside the key, with `key`; `undefined`: nobody can approve. */
  approverSecret: string | undefined;
  /** What sessions of the page are signed with, with `key`; `undefined`: nobody signs in to the page with a key. */
  sessionSecret: string | undefined;
  /** Settings that do not fit, each with what is allowed: they count as left out, and nothing is taken in while there are any. */
  faults: readonly string[];
}

type Settings = Readonly<Record<string, string | undefined>>;

/**
 * Reads and checks the app settings, once, at start. A setting that does not fit counts as left out and is told in `faults`: the
 * engine has to load whatever they are, since a VM that is held down must come up again.
 * @throws Error where the storage is not set: without it there is no engine.
 */
export function readConfig(settings: Settings): Config {
  const { values, faults } = readEach(settings);
  const storage = storageOf(
    values.AzureWebJobsStorage,
    values.AzureWebJobsStorage__blobServiceUri,
    values.AzureWebJobsStorage__queueServiceUri,
  );
  const { channels, faults: channelFaults } = channelsOf(values);
  faults.push(...channelFaults);
  const ca = readCa(values.RDP_MEDIC_ARM_CA_FILE, faults);
  if (values.RDP_MEDIC_AUTH === 'entra') faults.push(...faultsOfEntra(settings));
  return {
    hub: values[HUB_NAME] || 'default',
    deployment: values.RDP_MEDIC_DEPLOYMENT ?? derivedDeployment(storage, values[HUB_NAME]),
    storage,
    evidence: evidenceOf(values.RDP_MEDIC_EVIDENCE),
    arm: { endpoint: values.RDP_MEDIC_ARM_ENDPOINT, audience: values.RDP_MEDIC_ARM_AUDIENCE, ca },
    rescueVmSize: values.RDP_MEDIC_RESCUE_VM_SIZE,
    peerAccount: peerAccountOf(values.RDP_MEDIC_PEER_USER, values.RDP_MEDIC_PEER_PASSWORD, faults),
    privateRoute: values.RDP_MEDIC_PRIVATE_ROUTE === 'yes',
    channels,
    takeDown: values.RDP_MEDIC_TAKE_DOWN,
    auth: values.RDP_MEDIC_AUTH,
    tenant: values.RDP_MEDIC_TENANT,
    approverSecret: values.RDP_MEDIC_APPROVER_SECRET,
    sessionSecret: values.RDP_MEDIC_SESSION_SECRET,
    faults,
    probeTimeoutMs: values.RDP_MEDIC_PROBE_SECONDS * 1000,
  };
}

/** What fits, and a sentence for each setting that does not. Values are not repeated: they may be secrets. */
function readEach(settings: Settings): { values: z.infer<typeof settingsSchema>; faults: string[] } {
  const read = settingsSchema.safeParse(settings);
  if (read.success) return { values: read.data, faults: [] };
  const faulty = new Set(read.error.issues.map(({ path }) => String(path[0])));
  const fitting = Object.entries(settings).filter(([name]) => !faulty.has(name));
  const faults = read.error.issues.map(({ path, message }) => `${String(path[0])}: ${message}.`);
  return { values: settingsSchema.parse(Object.fromEntries(fitting)), faults };
}

/** Names of all settings that are read here. */
export const CONFIG_SETTINGS: readonly string[] = Object.keys(settingsSchema.shape);

function faultsOfEntra(settings: Settings): string[] {
  const faults: string[] = [];
  if (settings['WEBSITE_AUTH_ENABLED']?.toLowerCase() !== 'true')
    faults.push(
      'RDP_MEDIC_AUTH is "entra", but App Service authentication is not enabled (WEBSITE_AUTH_ENABLED), so callers could claim any identity. Enable it, or set RDP_MEDIC_AUTH to "key".',
    );
  if (settings['RDP_MEDIC_TENANT'] === undefined)
    faults.push(
      'RDP_MEDIC_AUTH is "entra", but RDP_MEDIC_TENANT is not set: set it to the id of the tenant whose users may sign in.',
    );
  return faults;
}

function readCa(file: string | undefined, faults: string[]): string | undefined {
  if (file === undefined) return undefined;
  try {
    return readFileSync(file, 'utf8');
  } catch {
    faults.push('RDP_MEDIC_ARM_CA_FILE: the file cannot be read.');
    return undefined;
  }
}

function storageOf(
  connectionString?: string,
  blobServiceUri?: string,
  queueServiceUri?: string,
): Config['storage'] {
  if (connectionString) return { connectionString };
  if (blobServiceUri && queueServiceUri) return { blobServiceUri, queueServiceUri };
  throw new Error(
    'Invalid app settings: set AzureWebJobsStorage, or both AzureWebJobsStorage__blobServiceUri and AzureWebJobsStorage__queueServiceUri.',
  );
}

function evidenceOf(value: string): Config['evidence'] {
  if (value === 'storage' || value === 'none') return value;
  return value.startsWith('https://') ? { blobServiceUri: value } : { connectionString: value };
}

/**
 * The same for the same records and the same engine, however they are reached: what another storage account or task hub knows
 * nothing of is not its to delete.
 */
function derivedDeployment(storage: Config['storage'], hubName: string): string {
  const place =
    'blobServiceUri' in storage ? storage.blobServiceUri : blobAddressIn(storage.connectionString);
  const whole = `${place.replace(/\/+$/, '')}|${hubName}`.toLowerCase();
  return createHash('sha256').update(whole).digest('hex').slice(0, 12);
}

/** Without the key, which is changed from time to time. */
function blobAddressIn(connectionString: string): string {
  const parts = new Map(
    connectionString.split(';').map((part) => {
      const at = part.indexOf('=');
      return [part.slice(0, at).trim().toLowerCase(), part.slice(at + 1).trim()];
    }),
  );
  const suffix = parts.get('endpointsuffix') ?? 'core.windows.net';
  return parts.get('blobendpoint') ?? `https://${parts.get('accountname') ?? 'development'}.blob.${suffix}`;
}

function peerAccountOf(
  user: string | undefined,
  password: string | undefined,
  faults: string[],
): Config['peerAccount'] {
  if (user !== undefined && password !== undefined) return { user, password };
  if (user !== undefined || password !== undefined)
    faults.push('RDP_MEDIC_PEER_USER and RDP_MEDIC_PEER_PASSWORD must be set together.');
  return undefined;
}
