import * as z from 'zod';
import type { Activity } from '../activity/activity-log.ts';
import type { Store, Table } from './store.ts';
import type { Resource } from './resources.ts';

type Saved = { [Name in keyof Store]: ReturnType<Store[Name]['within']> };

/** All that a lab must know to go on in another process. Plain JSON. */
export interface LabState {
  version: 1;
  /** First two octets of the addresses in it. */
  addressPrefix: string;
  /** How many private and public addresses have been given out. */
  addressesGiven: { privates: number; publics: number };
  resources: Saved;
  /** Who did what so far. */
  activity?: Activity[];
}

const envelopeSchema = z.object({
  version: z.literal(1),
  addressPrefix: z.string(),
  addressesGiven: z.object({ privates: z.int(), publics: z.int() }),
  resources: z.record(
    z.string(),
    z.array(z.looseObject({ id: z.string(), name: z.string(), type: z.string() })),
  ),
});
const stateSchema = z.custom<LabState>((value) => envelopeSchema.safeParse(value).success);

/** Reads what `save` wrote. @throws ZodError for anything else */
export function parseLabState(text: string): LabState {
  return stateSchema.parse(JSON.parse(text));
}

/** A copy of everything in the store. */
export function saveStore(store: Store): Saved {
  return structuredClone({
    resourceGroups: store.resourceGroups.within('/'),
    virtualMachines: store.virtualMachines.within('/'),
    disks: store.disks.within('/'),
    snapshots: store.snapshots.within('/'),
    runCommands: store.runCommands.within('/'),
    networkInterfaces: store.networkInterfaces.within('/'),
    networkSecurityGroups: store.networkSecurityGroups.within('/'),
    publicIpAddresses: store.publicIpAddresses.within('/'),
    virtualNetworks: store.virtualNetworks.within('/'),
    locks: store.locks.within('/'),
    schedules: store.schedules.within('/'),
  });
}

/** Fills an empty store. Addresses move from the block of the saved lab to that of this one. */
export function loadStore(store: Store, state: LabState, addressPrefix: string): void {
  const moved = parseLabState(
    JSON.stringify(state).replaceAll(`"${state.addressPrefix}.`, `"${addressPrefix}.`),
  ).resources;
  fill(store.resourceGroups, moved.resourceGroups);
  fill(store.virtualMachines, moved.virtualMachines);
  fill(store.disks, moved.disks);
  fill(store.snapshots, moved.snapshots);
  fill(store.runCommands, moved.runCommands);
  fill(store.networkInterfaces, moved.networkInterfaces);
  fill(store.networkSecurityGroups, moved.networkSecurityGroups);
  fill(store.publicIpAddresses, moved.publicIpAddresses);
  fill(store.virtualNetworks, moved.virtualNetworks);
  fill(store.locks, moved.locks);
  fill(store.schedules, moved.schedules);
}

function fill<T extends Resource>(table: Table<T>, resources: T[]): void {
  for (const resource of resources) table.put(resource);
}
