import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { channelsOf, type Channel } from './notify/channels.ts';
import { takeDownSchema, type TakeDown } from './model/settings.ts';
import { derivedDeployment, storageOf, storageSettings, type Storage } from './storage-settings.ts';

const HUB_NAME = 'AzureFunctionsJobHost__extensions__durableTask__hubName';

const settingsSchema = z.object({
  ...storageSettings,
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
  /** Every how many minutes the RDP of VMs that have opted in is asked, and what does not answer is repaired; 0: never. */
  RDP_MEDIC_FLEET_WATCH_MINUTES: z.enum(['0', '5', '10', '15', '20', '30', '60']).default('0'),
  /** Where telemetry goes, and as whom: Application Insights with Entra ID, or any collector that speaks OTLP over HTTP. */
  APPLICATIONINSIGHTS_CONNECTION_STRING: z.string().optional(),
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: z.string().optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url().optional(),
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
  storage: Storage;
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
  telemetry: TelemetryConfig;
  /** Minutes between two rounds of the fleet watch; 0: it never goes round. */
  fleetWatchMinutes: number;
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

/** Where telemetry goes; nowhere where neither is set. */
export interface TelemetryConfig {
  /** With the client id of the identity that may write to it; `''`: the app's only one; `undefined`: whoever has the connection string. */
  applicationInsights: { connectionString: string; clientId: string | undefined } | undefined;
  /** A collector that speaks OTLP over HTTP. */
  otlp: boolean;
}

type Settings = Readonly<Record<string, string | undefined>>;

/**
 * Reads and checks the app settings, once, at start. A setting that does not fit counts as left out and is told in `faults`: the
 * engine has to load whatever they are, since a VM that is held down must come up again.
 * @throws Error where the storage is not set: without it there is no engine.
 */
export function readConfig(settings: Settings): Config {
  const unresolved = unresolvedReferences(settings);
  const { values, faults } = readEach(
    Object.fromEntries(Object.entries(settings).filter(([name]) => !unresolved.has(name))),
  );
  faults.push(...unresolved.values());
  const storage = storageOf(values, faults);
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
    telemetry: telemetryOf(values),
    fleetWatchMinutes: Number(values.RDP_MEDIC_FLEET_WATCH_MINUTES),
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

function telemetryOf({
  APPLICATIONINSIGHTS_CONNECTION_STRING: connectionString,
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: signIn = '',
  OTEL_EXPORTER_OTLP_ENDPOINT: otlp,
}: z.infer<typeof settingsSchema>): TelemetryConfig {
  const clientId = /(^|;)Authorization=AAD(;|$)/i.test(signIn)
    ? (/(?:^|;)ClientId=([^;]+)/i.exec(signIn)?.[1] ?? '')
    : undefined;
  return {
    applicationInsights: connectionString ? { connectionString, clientId } : undefined,
    otlp: otlp !== undefined,
  };
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

/**
 * App Service hands on the text of a Key Vault reference that it could not resolve: as a secret it would be one that everybody can guess.
 * Source: Use Key Vault references as app settings, "Troubleshooting" (learn.microsoft.com, azure/app-service/app-service-key-vault-references).
 */
function unresolvedReferences(settings: Settings): Map<string, string> {
  const names = Object.entries(settings)
    .filter(([name, value]) => name.startsWith('RDP_MEDIC_') && value?.startsWith('@Microsoft.KeyVault('))
    .map(([name]) => name);
  const why =
    'the Key Vault reference is not resolved: add the secret to the vault, and make sure that the app may read it';
  return new Map(names.map((name) => [name, `${name}: ${why}.`]));
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

function evidenceOf(value: string): Config['evidence'] {
  if (value === 'storage' || value === 'none') return value;
  return value.startsWith('https://') ? { blobServiceUri: value } : { connectionString: value };
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
