import { join } from 'node:path';
import { app } from '@azure/functions';
import { BlobServiceClient } from '@azure/storage-blob';
import { QueueServiceClient } from '@azure/storage-queue';
import * as df from 'durable-functions';
import { readPageFiles } from '../../../../functions/triggers/page/files.ts';
import { QUEUE } from '../../../../functions/triggers/queue.ts';
import { registerTriggers } from '../../../../functions/triggers/register.ts';
import { createFullSubscriptions } from '../../../../functions/triggers/full-subscriptions.ts';
import { ORCHESTRATION } from '../../../../functions/triggers/start.ts';
import { systemClock } from '../../../../shared/clock.ts';
import { loadConnectors } from '../../../../shared/intake/tickets/load-connectors.ts';
import { parseVmId } from '../../../../shared/model/vm-id.ts';
import { policySchema } from '../../../../shared/repair/policy/schema.ts';
import { createControlStore } from '../../../../shared/store/control-store.ts';
import { createIntakeStore } from '../../../../shared/store/intake-store.ts';
import { createRecordStore } from '../../../../shared/store/record-store.ts';
import { createRequestQueue } from '../../../../shared/store/request-queue.ts';
import { TENANT } from '../app.ts';

/**
 * The real triggers over real stores; only the orchestration is a stand-in that lasts until it is told to
 * end, and the directory says of every VM in `rg-storm` that it is a running Windows.
 */
const OFTEN = { perHour: 10_000 };
const settings = process.env;
const storage = settings['AzureWebJobsStorage'] ?? '';
const container = BlobServiceClient.fromConnectionString(storage).getContainerClient('remediations');
const queue = QueueServiceClient.fromConnectionString(storage).getQueueClient(QUEUE);

app.hook.appStart(async () => {
  await Promise.all([container.createIfNotExists(), queue.createIfNotExists()]);
});
df.app.orchestration(ORCHESTRATION, function* (context) {
  yield context.df.waitForExternalEvent('end');
});
registerTriggers({
  vms: {
    find: (id) => {
      const vm = parseVmId(id);
      return Promise.resolve(
        vm?.resourceGroup === 'rg-storm'
          ? {
              id: vm.id,
              name: vm.name,
              location: 'westeurope',
              osType: 'Windows',
              powerState: 'running',
              provisioningState: 'Succeeded',
              tags: {},
            }
          : undefined,
      );
    },
    standingOf: () => Promise.resolve(undefined),
  },
  records: createRecordStore(container),
  intake: createIntakeStore(container, systemClock),
  control: createControlStore(container),
  hub: 'TestHub',
  queue: createRequestQueue(queue),
  news: { send: () => Promise.resolve() },
  channels: [],
  policy: policySchema.parse({
    limits: { concurrentPerSubscription: 100 },
    // All of a storm comes within the hour.
    sources: { alert: OFTEN, ticket: OFTEN, queue: OFTEN, caller: OFTEN },
  }),
  policyVersion: 'test',
  closed: undefined,
  auth: settings['RDP_MEDIC_AUTH'] === 'entra' ? 'entra' : 'key',
  tenant: TENANT,
  approverSecret: undefined,
  fleetWatchMinutes: 0,
  fullSubscriptions: createFullSubscriptions(systemClock),
  sessionSecret: 'a secret of sessions, long and random',
  page: readPageFiles(join(import.meta.dirname, '../../../../page')),
  evidence: { read: () => Promise.resolve(undefined) },
  connectors: loadConnectors(join(import.meta.dirname, '../../../../shared/intake/connectors')),
  // No ticket is told anything here.
  outside: { resolve: () => Promise.resolve([]), call: () => Promise.resolve({ status: 201 }) },
  clock: systemClock,
  settings,
  version: '1.2.3',
});
