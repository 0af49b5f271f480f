import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
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
  /** Endpoint of Azure Resource Manager; the public cloud's where left out. */
  RDP_MEDIC_ARM_ENDPOINT: z.url().optional(),
  /** Audience of its tokens; the public cloud's where left out. */
  RDP_MEDIC_ARM_AUDIENCE: z.url().optional(),
  /** PEM file of a further certificate authority that the endpoint's certificate comes from. */
  RDP_MEDIC_ARM_CA_FILE: z.string().optional(),
  RDP_MEDIC_RESCUE_VM_SIZE: z.string().default('Standard_D2s_v5'),
  /** Account (`DOMAIN\\name`) as which a peer deletes a certificate on another VM, and its password (a Key Vault reference). */
  RDP_MEDIC_PEER_USER: z.string().min(1).optional(),
  RDP_MEDIC_PEER_PASSWORD: z.string().min(1).optional(),
  /** How a VM is taken down for its offline repair. */
  RDP_MEDIC_TAKE_DOWN: takeDownSchema.default('deallocate'),
  /** Whether a route leads from the app into the VMs' networks, so that RDP may be asked at private addresses. */
  RDP_MEDIC_PRIVATE_ROUTE: z.enum(['yes', 'no']).default('no'),
  /** How long RDP is waited for at one address, in seconds: a handshake over a slow line takes some. */
  RDP_MEDIC_PROBE_SECONDS: z.coerce.number().min(0.1).max(60).default(5),
});

export interface Config {
  /** Task hub of the durable engine; `default` where host.json's own holds. */
  hub: string;
  /** Only what bears this id is ever cleaned up or swept. */
  deployment: string;
  storage: { connectionString: string } | { blobServiceUri: string; queueServiceUri: string };
  arm: { endpoint: string | undefined; audience: string | undefined; ca: string | undefined };
  rescueVmSize: string;
  peerAccount: { user: string; password: string } | undefined;
  takeDown: TakeDown;
  privateRoute: boolean;
  probeTimeoutMs: number;
}

/**
 * Reads and checks the app settings, once, at start.
 * @throws Error that names the setting: an app that starts on half a configuration is worse than none.
 */
export function readConfig(settings: Readonly<Record<string, string | undefined>>): Config {
  const read = settingsSchema.safeParse(settings);
  if (!read.success) throw new Error(`App settings do not fit:\n${z.prettifyError(read.error)}`);
  const {
    AzureWebJobsStorage: connectionString,
    AzureWebJobsStorage__blobServiceUri: blobServiceUri,
    AzureWebJobsStorage__queueServiceUri: queueServiceUri,
    [HUB_NAME]: hubName,
    RDP_MEDIC_DEPLOYMENT: deployment,
    RDP_MEDIC_ARM_ENDPOINT: endpoint,
    RDP_MEDIC_ARM_AUDIENCE: audience,
    RDP_MEDIC_ARM_CA_FILE: caFile,
    RDP_MEDIC_RESCUE_VM_SIZE: rescueVmSize,
    RDP_MEDIC_PEER_USER: peerUser,
    RDP_MEDIC_PEER_PASSWORD: peerPassword,
    RDP_MEDIC_TAKE_DOWN: takeDown,
    RDP_MEDIC_PRIVATE_ROUTE: privateRoute,
    RDP_MEDIC_PROBE_SECONDS: probeSeconds,
  } = read.data;
  const storage = storageOf(connectionString, blobServiceUri, queueServiceUri);
  return {
    hub: hubName || 'default',
    deployment: deployment ?? derivedDeployment(storage, hubName),
    storage,
    arm: { endpoint, audience, ca: caFile === undefined ? undefined : readFileSync(caFile, 'utf8') },
    rescueVmSize,
    peerAccount: peerAccountOf(peerUser, peerPassword),
    takeDown,
    privateRoute: privateRoute === 'yes',
    probeTimeoutMs: probeSeconds * 1000,
  };
}

function storageOf(
  connectionString?: string,
  blobServiceUri?: string,
  queueServiceUri?: string,
): Config['storage'] {
  if (connectionString) return { connectionString };
  if (blobServiceUri && queueServiceUri) return { blobServiceUri, queueServiceUri };
  throw new Error(
    'App settings do not fit: set AzureWebJobsStorage, or both AzureWebJobsStorage__blobServiceUri and AzureWebJobsStorage__queueServiceUri.',
  );
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

function peerAccountOf(user?: string, password?: string): Config['peerAccount'] {
  if (user !== undefined && password !== undefined) return { user, password };
  if (user === undefined && password === undefined) return undefined;
  throw new Error('App settings do not fit: set RDP_MEDIC_PEER_USER and RDP_MEDIC_PEER_PASSWORD together.');
}
