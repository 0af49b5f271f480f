import { ComputeManagementClient } from '@azure/arm-compute';
import { ManagementLockClient } from '@azure/arm-locks';
import { NetworkManagementClient } from '@azure/arm-network';
import { isRestError } from '@azure/core-rest-pipeline';
import type { RoleDefinition } from '../../../../lab/arm/access/roles.ts';
import { createVirtualClock, type VirtualClock } from '../../../../lab/clock/virtual.ts';
import {
  LAB_RESOURCE_GROUP,
  LAB_SUBSCRIPTION,
  startLab,
  type Lab,
  type LabOptions,
} from '../../../../lab/arm/start-lab.ts';
import type { ImageSpec, VmSpec } from '../../../../lab/arm/vm-spec.ts';
import { createTestGuests, labelledDisk, type TestGuests } from './guests.ts';

export const GROUP = LAB_RESOURCE_GROUP;
const START = Date.UTC(2026, 0, 15, 9);

export const SERVER_2022 = {
  publisher: 'MicrosoftWindowsServer',
  offer: 'WindowsServer',
  sku: '2022-datacenter-g2',
  version: 'latest',
};

/** A role without bounds, where rights are not the matter. */
export const EVERYTHING: RoleDefinition = {
  Name: 'Owner',
  Description: 'May do everything.',
  Actions: ['*'],
  NotActions: [],
  DataActions: [],
  NotDataActions: [],
  AssignableScopes: ['/'],
};

export interface Bench {
  lab: Lab;
  clock: VirtualClock;
  guests: TestGuests;
  compute: ComputeManagementClient;
  network: NetworkManagementClient;
  locks: ManagementLockClient;
  /** Polls to the end without waiting: the virtual clock jumps by itself. */
  finish<T>(poller: Pollable<T>): Promise<T>;
  close(): Promise<void>;
}

interface Pollable<T> {
  poll(): Promise<unknown>;
  readonly isDone: boolean;
  pollUntilDone(): Promise<T>;
}

/** A lab on a virtual clock with the real SDK clients pointed at it. */
export async function startBench(options: Partial<LabOptions> = {}): Promise<Bench> {
  const clock = createVirtualClock(START);
  const guests = createTestGuests();
  const assignedScopes = [`/subscriptions/${LAB_SUBSCRIPTION}`];
  const lab = await startLab({
    clock,
    guests: guests.factory,
    role: EVERYTHING,
    assignedScopes,
    ...options,
  });
  lab.addImage(...IMAGES);
  const credential = {
    getToken: () =>
      Promise.resolve({ token: lab.identity.issue(), expiresOnTimestamp: Date.now() + 3_600_000 }),
  };
  const client = { endpoint: lab.url, tlsOptions: { ca: lab.caPem }, retryOptions: { maxRetries: 0 } };
  return {
    lab,
    clock,
    guests,
    compute: new ComputeManagementClient(credential, LAB_SUBSCRIPTION, client),
    network: new NetworkManagementClient(credential, LAB_SUBSCRIPTION, client),
    locks: new ManagementLockClient(credential, LAB_SUBSCRIPTION, client),
    async finish(poller) {
      while (!poller.isDone) {
        await poller.poll();
        await clock.idle();
      }
      return poller.pollUntilDone();
    },
    close: () => lab.close(),
  };
}

/** A running generation 2 VM with the RDP port open. */
export function windowsVm(name: string, more: Partial<VmSpec> = {}): VmSpec {
  return {
    name,
    generation: 'V2',
    image: SERVER_2022,
    osDisk: labelledDisk(name),
    nsgRules: [{ name: 'rdp', priority: 300, access: 'Allow', ports: ['3389'] }],
    ...more,
  };
}

const IMAGES: ImageSpec[] = [
  {
    ...SERVER_2022,
    version: '20348.2700.1',
    generation: 'V2',
    osType: 'Windows',
    diskSizeGB: 127,
    trustedLaunch: true,
    makeDisk: () => labelledDisk('image-2022'),
  },
  {
    ...SERVER_2022,
    sku: '2019-datacenter-smalldisk',
    version: '17763.6300.1',
    generation: 'V1',
    osType: 'Windows',
    diskSizeGB: 30,
    makeDisk: () => labelledDisk('image-2019'),
  },
  {
    ...SERVER_2022,
    sku: '2019-datacenter-smalldisk',
    version: '17763.6400.1',
    generation: 'V1',
    osType: 'Windows',
    diskSizeGB: 30,
    makeDisk: () => labelledDisk('image-2019'),
  },
];

/** Status and code of what a call was refused with. */
export async function refusalOf(
  call: PromiseLike<unknown>,
): Promise<{ status: number | undefined; code: string | undefined; message: string }> {
  try {
    await call;
  } catch (error) {
    if (isRestError(error)) return { status: error.statusCode, code: error.code, message: error.message };
    throw error;
  }
  throw new Error('The call was not refused.');
}
