import type { Disk, VirtualMachine } from '@azure/arm-compute';
import * as z from 'zod';
import { isUnsure, MedicError } from '../errors.ts';
import type { Asked, Deed, DeedKind, Expected } from '../model/expected.ts';
import type { Operation } from '../model/operation.ts';
import { differences, isCalm, standsAfter } from '../repair/standing.ts';
import { arm, armIfExists } from './arm-error.ts';
import type { Azure } from './clients.ts';
import { expectedOf, requireVmId, settledAt } from './inspect-vm.ts';
import { nothingToDo, requireSettled } from './operation.ts';
import { parseResourceId } from './resource-id.ts';

/** Where what was about to be done is noted, and read again. */
export interface Intents {
  begin(remediationId: string, name: string, intent: object): Promise<void>;
  has(remediationId: string, name: string): Promise<boolean>;
  /** The note itself; `undefined` where there is none. */
  read(remediationId: string, name: string): Promise<unknown>;
  /** Takes the note back of what Azure refused outright. */
  withdraw(remediationId: string, name: string): Promise<void>;
}

/** What a disruptive activity needs from outside. */
export interface Acting {
  readonly azure: Azure;
  readonly intents: Intents;
}

/** A VM in one reading: as ARM shows it, and what is compared of it. */
export interface Standing {
  readonly vm: VirtualMachine;
  readonly now: Expected;
}

/** Reads VM and OS disk; `undefined` where there is no VM. @throws MedicError `UnmanagedDisk`. */
export async function readStanding(azure: Azure, vmId: string): Promise<Standing | undefined> {
  const { subscriptionId, resourceGroup, name } = requireVmId(vmId);
  const { compute } = await azure(subscriptionId);
  const vm = await armIfExists(() =>
    compute.virtualMachines.get(resourceGroup, name, { expand: 'instanceView' }),
  );
  if (!vm) return undefined;
  const diskId = vm.storageProfile?.osDisk?.managedDisk?.id;
  if (!diskId) throw new MedicError('UnmanagedDisk', `${name} has no managed OS disk.`);
  const disk = parseResourceId(diskId);
  const osDisk = await arm(() => compute.disks.get(disk.resourceGroup, disk.name));
  return { vm, now: expectedOf(vm, osDisk) };
}

export interface Rule {
  kind: DeedKind;
  /** The OS disk that the deed puts under the VM. */
  osDiskId?: string;
  /** Another operation on the VM is waited for: its end would change what is decided here. */
  settled?: boolean;
  /** The VM has to be deallocated by the word of its disk, which may come later than the VM's own. */
  reserved?: boolean;
}

/**
 * The contract of every disruptive deed: read, compare, note the intent, write.
 *
 * - It stands as expected: the intent is noted, then the call is made, with the ETag of this very reading where Azure takes one.
 * - It stands as wanted: done, if that is what was expected or an intent of ours is there; otherwise somebody else did it. Whether a VM was
 *   restarted only the time of its last operation tells.
 * - Otherwise somebody changed it.
 *
 * A first try that Azure refuses outright has done nothing: its intent is withdrawn, so that the next try compares as strictly.
 * @throws MedicError `Moved`, `VmNotFound`; retryable ones while an operation is under way.
 */
export async function compareThenAct(
  { azure, intents }: Acting,
  deed: Deed,
  { kind, osDiskId, settled = false, reserved = false }: Rule,
  write: (standing: Standing) => Promise<Operation>,
): Promise<Operation> {
  const { vmId, remediationId, intent, expected } = deed;
  const standing = await readStanding(azure, vmId);
  if (!standing) throw gone(vmId);
  const begun = await intents.has(remediationId, intent);
  requireCalm(standing, settled || (kind === 'restart' && begun));
  const moved = differences(expected, standing.now, !begun);
  const stands = standsAfter({ kind, deed, osDiskId: osDiskId ?? null, ended: true }, standing.now);
  const wanted = stands && (await hasLeftATrace(intents, deed, { kind, begun, vm: standing.vm }));
  if (wanted && (begun || moved.length === 0)) return nothingToDo(requireVmId(vmId).subscriptionId);
  if (moved.length > 0) throw movedError(vmId, moved);
  if (reserved && expected.power === 'deallocated') requireReserved(standing.now);
  await intents.begin(remediationId, intent, noteOf(deed, standing));
  try {
    return await write(standing);
  } catch (error) {
    // Noted for good where it cannot be withdrawn: then it counts as one that may have been begun.
    if (!begun && isRefusal(error)) await intents.withdraw(remediationId, intent).catch(() => undefined);
    throw error;
  }
}

const noteSchema = z.object({ settledAt: z.iso.datetime().nullable() });

function noteOf({ vmId, expected }: Deed, { vm }: Standing): object {
  return { vmId, expected, settledAt: settledAt(vm) };
}

/** Whether a VM that stands as a deed leaves it tells of the deed by that. */
async function hasLeftATrace(
  intents: Intents,
  { remediationId, intent }: Deed,
  { kind, begun, vm }: { kind: DeedKind; begun: boolean; vm: VirtualMachine },
): Promise<boolean> {
  if (kind !== 'restart') return kind !== 'detach-on-delete';
  if (!begun) return false;
  const before = noteSchema.safeParse(await intents.read(remediationId, intent)).data?.settledAt;
  const now = settledAt(vm);
  // Both are Azure's own times. Whoever else restarted it after the note serves as well; an update of an extension leaves the same trace,
  // which whoever asked for the restart has to reckon with.
  return vm.provisioningState === 'Succeeded' && now !== null && !!before && now > before;
}

function isRefusal(error: unknown): boolean {
  return error instanceof MedicError && !isUnsure(error);
}

/** While these are under way, nobody knows which disk will be under the VM. */
const CHANGES_DISK: readonly DeedKind[] = ['swap-os-disk', 'delete-vm', 'recreate-vm'];

/**
 * How a VM stands, compared with what is known: after a deed of ours, as that leaves it, or, where it did not come about, as before.
 * `undefined` where our own deed took it away.
 * @throws MedicError `Moved`, `VmNotFound`; retryable ones while an operation is under way.
 */
export async function readExpected({ azure, intents }: Acting, asked: Asked): Promise<Expected | undefined> {
  const { kind, deed } = asked;
  const { vmId, remediationId, intent, expected } = deed;
  const standing = await readStanding(azure, vmId);
  if (standing) requireCalm(standing, CHANGES_DISK.includes(kind));
  const now = standing?.now;
  const begun = await intents.has(remediationId, intent);
  const unchanged = now !== undefined && differences(expected, now, !begun).length === 0;
  if (standsAfter(asked, now) && (begun || unchanged)) {
    if (kind === 'deallocate' && asked.ended && now) requireReserved(now);
    return now;
  }
  // A VM that we deleted and could not make again is still to be made.
  if (kind === 'recreate-vm' && !now) return undefined;
  if (!now) throw gone(vmId);
  if (unchanged && !asked.ended) return now;
  throw movedError(
    vmId,
    unchanged ? ['it is unchanged, although Azure reported success'] : differences(expected, now, !begun),
  );
}

/** Whether a VM has settled as a deed that was begun leaves it; what came of it otherwise its operation tells. */
export async function readDone(azure: Azure, asked: Asked): Promise<boolean> {
  const standing = await readStanding(azure, asked.deed.vmId);
  if (standing?.vm.provisioningState !== 'Succeeded') return false;
  const { now } = standing;
  const lagsBehind = asked.kind === 'deallocate' && now.diskState !== 'Reserved';
  return isCalm(now) && !lagsBehind && standsAfter({ ...asked, ended: true }, now);
}

/** A disk that is to go under a VM. */
export interface WantedDisk {
  id: string;
  /** Where it has to be that very one, and not another of its name. */
  uniqueId: string | null;
}

/** Reads the disk. @throws MedicError `Moved` where it is another disk of that name. */
export async function requireThatDisk(
  azure: Azure,
  vmId: string,
  { id, uniqueId }: WantedDisk,
): Promise<Disk> {
  const { subscriptionId, resourceGroup, name } = parseResourceId(id);
  const disk = await arm(async () => (await azure(subscriptionId)).compute.disks.get(resourceGroup, name));
  if (uniqueId !== null && disk.uniqueId !== uniqueId)
    throw movedError(vmId, [`the disk ${name} is a different disk with the same name`]);
  return disk;
}

/** Has Azure refuse a write where the VM was changed since it was read: it is then read and compared again. */
export function sameAsRead({ etag }: VirtualMachine): { ifMatch?: string } {
  return etag === undefined ? {} : { ifMatch: etag };
}

/** @throws MedicError `AzureConflict`, which is waited out. */
function requireCalm({ vm, now }: Standing, settled: boolean): void {
  if (settled || vm.provisioningState === 'Deleting') requireSettled(vm);
  if (!isCalm(now)) throw new MedicError('AzureConflict', `${vm.name ?? 'The VM'} is ${now.power}.`);
}

/** @throws MedicError `AzureConflict`: the state of a disk is known to lag behind. */
function requireReserved({ diskState }: Expected): void {
  if (diskState !== 'Reserved')
    throw new MedicError(
      'AzureConflict',
      `The OS disk is ${diskState}, not Reserved: the VM may not be stopped yet.`,
    );
}

export function movedError(vmId: string, what: readonly string[]): MedicError {
  return new MedicError(
    'Moved',
    `Somebody else changed ${requireVmId(vmId).name} during the repair: ${what.join('; ')}.`,
  );
}

export function gone(vmId: string): MedicError {
  return new MedicError(
    'VmNotFound',
    `${requireVmId(vmId).name} no longer exists, and this repair did not delete it.`,
  );
}
