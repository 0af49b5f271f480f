import { DefaultAzureCredential, type TokenCredential } from '@azure/identity';
import type { BlobServiceClient } from '@azure/storage-blob';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { createAzure } from '../shared/azure/clients.ts';
import { listSubscriptions } from '../shared/azure/subscriptions.ts';
import { createVmDirectory } from '../shared/azure/vm-directory.ts';
import { baseAddressOf } from '../shared/base-address.ts';
import { systemClock } from '../shared/clock.ts';
import { readConfig, type Config } from '../shared/config.ts';
import type { Connector } from '../shared/intake/tickets/connector.ts';
import { withTicketNews } from '../shared/intake/tickets/news.ts';
import { withProof } from '../shared/intake/own-messages.ts';
import { loadConnectors } from '../shared/intake/tickets/load-connectors.ts';
import { callPinned, resolveHost } from '../shared/intake/tickets/pinned-call.ts';
import { PACKAGE_ROOT } from '../shared/package-root.ts';
import { loadAuthority, NO_FILE, type Authority } from '../shared/repair/policy/load.ts';
import { blobServiceOf, storageClients } from '../shared/store/clients.ts';
import { createControlStore } from '../shared/store/control-store.ts';
import { createEvidenceStore, type EvidenceStore } from '../shared/store/evidence.ts';
import { createIntakeStore } from '../shared/store/intake-store.ts';
import { createIntentStore } from '../shared/store/intent-store.ts';
import { createRecordStore } from '../shared/store/record-store.ts';
import { createNewsQueue, createRequestQueue } from '../shared/store/request-queue.ts';
import { createSweepStore } from '../shared/store/sweep-store.ts';
import { unknownSettings } from '../shared/unknown-settings.ts';
import type { ActivityDependencies } from './activities/dependencies.ts';
import { startTelemetry } from './telemetry.ts';
import type { TriggerDependencies } from './triggers/dependencies.ts';
import { createFullSubscriptions } from './triggers/full-subscriptions.ts';
import { readPageFiles } from './triggers/page/files.ts';
import { QUEUE } from './triggers/queue.ts';
import { NEWS_QUEUE } from './triggers/ticket-news.ts';

const CONTAINER = 'remediations';
const packageSchema = z.object({ version: z.string() });

export interface Composition {
  activities: ActivityDependencies;
  triggers: TriggerDependencies;
  /** Makes the blob container and the queue where they are missing; before the first function runs. */
  prepare: () => Promise<void>;
  /** Sends what is left of telemetry; after the last function. */
  finish: () => Promise<void>;
  /** What the owner has to know at start: doors that are closed, or a policy that is missing. */
  warnings: string[];
}

/**
 * Builds the real clients from the app settings and hands them to activities and triggers. There is no other mode:
 * for the lab only an endpoint, a credential and a certificate authority differ.
 */
export function compose(settings: Readonly<Record<string, string | undefined>>): Composition {
  const config = readConfig(settings);
  const credential = new DefaultAzureCredential();
  const azure = createAzure({ credential, ...config.arm });
  const { blobs, queues } = storageClients(config.storage, credential);
  const container = blobs.getContainerClient(CONTAINER);
  const evidence = evidenceStore(config, blobs, credential);
  const queue = queues.getQueueClient(QUEUE);
  const newsQueue = queues.getQueueClient(NEWS_QUEUE);
  const clock = systemClock;
  const intake = createIntakeStore(container, clock);
  const news = createNewsQueue(newsQueue);
  const connectors = readConnectors(join(PACKAGE_ROOT, 'shared/intake/connectors'));
  const faults = [
    ...config.faults,
    ...connectors.faults,
    ...unknownSettings(settings, connectors.all.values()),
  ];
  const authority = loadAuthority(settings, { ...config, faults }, [...connectors.all.keys()]);
  const { policy } = authority;
  const control = createControlStore(container);
  const requests = withProof(createRequestQueue(queue), intake);
  const outside = { resolve: resolveHost, call: callPinned };
  const records = withTicketNews(createRecordStore(container), news, intake);
  const { version } = packageSchema.parse(
    JSON.parse(readFileSync(join(PACKAGE_ROOT, 'package.json'), 'utf8')),
  );
  let stopTelemetry = (): Promise<void> => Promise.resolve();
  return {
    warnings: warningsOf(authority),
    finish: () => stopTelemetry(),
    prepare: async () => {
      stopTelemetry = await startTelemetry(config.telemetry, { version, deployment: config.deployment });
      await Promise.all([
        container.createIfNotExists(),
        evidence.prepare(),
        queue.createIfNotExists(),
        newsQueue.createIfNotExists(),
      ]);
    },
    activities: {
      azure,
      records,
      evidence: evidence.store,
      intents: createIntentStore(container),
      control,
      hub: config.hub,
      policy,
      intake,
      clock,
      notifying: { channels: config.channels, outside, baseAddress: baseAddressOf(settings) },
      sweeping: createSweepStore(container),
      deployment: config.deployment,
      rescueVmSize: config.rescueVmSize,
      peerAccount: config.peerAccount,
      takeDown: config.takeDown,
      privateRoute: config.privateRoute,
      probeTimeoutMs: config.probeTimeoutMs,
      subscriptions: () => listSubscriptions({ credential, ...config.arm }),
      queue: requests,
      killSwitch: policy.killSwitch,
    },
    triggers: {
      vms: createVmDirectory(azure),
      records,
      intake,
      control,
      hub: config.hub,
      queue: requests,
      fullSubscriptions: createFullSubscriptions(clock),
      fleetWatchMinutes: config.fleetWatchMinutes,
      news,
      channels: config.channels.map(({ name }) => name),
      ...authority,
      auth: config.auth,
      tenant: config.tenant,
      approverSecret: config.approverSecret,
      sessionSecret: config.sessionSecret,
      page: readPageFiles(join(PACKAGE_ROOT, 'page')),
      evidence: evidence.store,
      outside,
      connectors: connectors.all,
      clock,
      settings,
      version,
    },
  };
}

function warningsOf({ closed, policyVersion }: Authority): string[] {
  if (closed !== undefined)
    return [`No requests are accepted, and the kill switch is treated as on. ${closed}`];
  return policyVersion === NO_FILE
    ? [
        'RDP_MEDIC_POLICY is not set: authorized callers can diagnose VMs, and nothing else is allowed. Alerts, tickets and queue messages are ignored.',
      ]
    : [];
}

/** None at all where one of them does not fit: then every door is closed, and engine and undo load all the same. */
function readConnectors(folder: string): { all: ReadonlyMap<string, Connector>; faults: string[] } {
  try {
    return { all: loadConnectors(folder), faults: [] };
  } catch (error) {
    return { all: new Map(), faults: [error instanceof Error ? error.message : String(error)] };
  }
}

/** Evidence lies beside the records, unless VMs are given another account to write it to. */
function evidenceStore(
  { evidence }: Config,
  own: BlobServiceClient,
  credential: TokenCredential,
): { store: EvidenceStore; prepare: () => Promise<unknown> } {
  const blobs = typeof evidence === 'string' ? own : blobServiceOf(evidence, credential);
  const container = blobs.getContainerClient(CONTAINER);
  return {
    store: createEvidenceStore(blobs, container, { vmsReachIt: evidence !== 'none' }),
    // The engine loads without it: a VM that is held down comes up again whatever becomes of evidence.
    prepare: () => container.createIfNotExists().catch(() => undefined),
  };
}
