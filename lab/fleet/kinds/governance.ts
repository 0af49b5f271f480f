import type { Lab } from '../../arm/start-lab.ts';
import type { VmSpec } from '../../arm/vm-spec.ts';
import {
  asItIs,
  neighbour,
  noSnapshot,
  onlineOnly,
  refused,
  rehearsalFinds,
  REPAIRED,
  type KindGroup,
  type VmKind,
} from './kind.ts';

type Lock = NonNullable<VmSpec['locks']>[number];
type Denies = Lab['governance']['denials'][number]['denies'];

const groupOf = (spec: VmSpec): string => neighbour(spec, '', '').replace(/\/providers\/.*$/, '');

function locked(
  name: string,
  title: string,
  lock: Pick<Lock, 'level' | 'on'>,
  ways: Pick<VmKind, 'swap' | 'rebuild' | 'note' | 'leavesRunCommands'>,
): VmKind {
  return {
    name,
    title,
    // A lock on a subscription holds for every VM in it.
    ...(lock.on === 'subscription' && { claims: { subscription: name } }),
    dress: (spec) => ({ ...spec, locks: [...(spec.locks ?? []), { name: 'keep', ...lock }] }),
    ...ways,
  };
}

const READ_ONLY = {
  swap: refused('ReadOnlyLock'),
  rebuild: refused('ReadOnlyLock'),
  note: 'Remove the lock during the repair.',
};
const NO_CLEAN_UP = {
  swap: onlineOnly('DeleteLock'),
  rebuild: onlineOnly('DeleteLock'),
  leavesRunCommands: true as const,
  note: 'Temporary resources could not be deleted. Remove the lock during the repair. In an online repair, the run commands stay on the VM.',
};

/** Management locks, at each scope that matters. */
export const LOCKS: KindGroup = {
  name: 'locks',
  title: 'Management locks',
  kinds: [
    { name: 'no-lock', title: 'None', dress: asItIs, swap: REPAIRED, rebuild: REPAIRED, note: '' },
    locked('read-only-vm', 'ReadOnly on the VM', { level: 'ReadOnly', on: 'vm' }, READ_ONLY),
    locked('read-only-group', 'ReadOnly on its group', { level: 'ReadOnly', on: 'resourceGroup' }, READ_ONLY),
    locked(
      'read-only-subscription',
      'ReadOnly on its subscription',
      { level: 'ReadOnly', on: 'subscription' },
      READ_ONLY,
    ),
    locked(
      'read-only-disk',
      'ReadOnly on its OS disk',
      { level: 'ReadOnly', on: 'osDisk' },
      {
        swap: onlineOnly('ReadOnlyLock'),
        rebuild: onlineOnly('ReadOnlyLock'),
        note: 'The tags needed for rollback could not be added. Remove the lock during the repair.',
      },
    ),
    locked(
      'delete-lock-vm',
      'CanNotDelete on the VM',
      { level: 'CanNotDelete', on: 'vm' },
      { swap: REPAIRED, rebuild: onlineOnly('DeleteLock'), note: 'A swap does not delete the VM.' },
    ),
    locked(
      'delete-lock-disk',
      'CanNotDelete on its OS disk',
      { level: 'CanNotDelete', on: 'osDisk' },
      {
        swap: REPAIRED,
        rebuild: REPAIRED,
        note: 'The original disk stays: the janitor cannot delete it after it has expired.',
      },
    ),
    locked(
      'delete-lock-group',
      'CanNotDelete on its group',
      { level: 'CanNotDelete', on: 'resourceGroup' },
      NO_CLEAN_UP,
    ),
    locked(
      'delete-lock-subscription',
      'CanNotDelete on its subscription',
      { level: 'CanNotDelete', on: 'subscription' },
      NO_CLEAN_UP,
    ),
  ],
};

function denied(
  name: string,
  title: string,
  actions: readonly string[],
  ways: Pick<VmKind, 'swap' | 'rebuild' | 'note' | 'leavesRunCommands'>,
): VmKind {
  return {
    name,
    title,
    dress: asItIs,
    surround(lab, spec) {
      lab.governance.denyAssignments.push({ name, scope: groupOf(spec), actions });
    },
    ...ways,
  };
}

/** Deny assignments, which deployment stacks and managed applications make. */
export const DENY_ASSIGNMENTS: KindGroup = {
  name: 'deny-assignments',
  title: 'Deny assignments',
  kinds: [
    { name: 'none-denied', title: 'None', dress: asItIs, swap: REPAIRED, rebuild: REPAIRED, note: '' },
    denied('deny-vm-writes', 'On changes to VMs', ['Microsoft.Compute/virtualMachines/write'], {
      swap: onlineOnly('AccessDenied'),
      rebuild: onlineOnly('AccessDenied'),
      note: 'Detected in advance. Exclude the service from the assignment.',
    }),
    denied('deny-deletes', 'On deletions', ['*/delete'], {
      swap: refused('AccessDenied'),
      rebuild: refused('AccessDenied'),
      note: 'As above.',
    }),
    denied('deny-snapshots', 'On everything except reading', ['*/write', '*/delete', '*/action'], {
      swap: refused('AccessDenied'),
      rebuild: refused('AccessDenied'),
      note: 'As above.',
    }),
  ],
};

function forbids(
  name: string,
  title: string,
  denies: Denies,
  ways: Pick<VmKind, 'swap' | 'rebuild' | 'note' | 'claims'>,
  dress: VmKind['dress'] = asItIs,
): VmKind {
  return {
    name,
    title,
    dress,
    surround(lab, spec) {
      lab.governance.denials.push({ name, scope: groupOf(spec), denies });
    },
    ...ways,
  };
}

/** The tag that a policy demands, on all that the VM consists of. */
const TAG = { 'cost-centre': '4711' };

/** Azure Policy, with the effect deny. */
export const POLICIES: KindGroup = {
  name: 'policies',
  title: 'Azure Policy',
  kinds: [
    {
      name: 'no-policy',
      title: 'None that denies anything',
      dress: asItIs,
      swap: REPAIRED,
      rebuild: REPAIRED,
      note: '',
    },
    forbids(
      'tag-demanded',
      'A tag is required, and the VM has it',
      { missingTag: 'cost-centre' },
      {
        swap: REPAIRED,
        rebuild: REPAIRED,
        note: 'All created resources have the tags of the VM or of its disk.',
      },
      (spec) => ({ ...spec, tags: { ...spec.tags, ...TAG }, osDiskTags: { ...spec.osDiskTags, ...TAG } }),
    ),
    forbids(
      'tag-missing',
      'A tag is required that the VM does not have',
      { missingTag: 'cost-centre' },
      {
        swap: noSnapshot('PolicyDenied'),
        rebuild: noSnapshot('PolicyDenied'),
        note: 'Any change to it is denied. Add the tag to the VM, or exempt it.',
      },
    ),
    forbids(
      'tag-missing-on-vm',
      'A tag is required that the VM does not have, but its disk has',
      { missingTag: 'cost-centre' },
      {
        swap: onlineOnly('PolicyDenied'),
        rebuild: onlineOnly('PolicyDenied'),
        note: 'The swap would be denied while the VM is down, so Azure Policy is checked in advance. Add the tag to the VM.',
      },
      (spec) => ({ ...spec, osDiskTags: { ...spec.osDiskTags, ...TAG } }),
    ),
    forbids(
      'no-standard-ssd',
      'Standard SSDs are forbidden',
      { diskSkus: ['StandardSSD_LRS'] },
      {
        swap: REPAIRED,
        rebuild: REPAIRED,
        note: 'The rescue VM gets the cheapest allowed disk.',
      },
      (spec) => ({ ...spec, osDiskSku: 'Premium_LRS' }),
    ),
    forbids(
      'no-more-such-disks',
      'Disks of its type are now forbidden',
      { diskSkus: ['Premium_LRS'] },
      {
        swap: rehearsalFinds('PolicyDenied'),
        rebuild: rehearsalFinds('PolicyDenied'),
        note: 'A copy has the same type as the original. Exempt the resource group during the repair.',
      },
    ),
    forbids(
      'size-forbidden',
      'The smallest size of a rescue VM is forbidden',
      { vmSizes: ['Standard_D2s_v5', 'Standard_D2as_v5'] },
      {
        claims: { size: 'Standard_D4s_v5' },
        swap: REPAIRED,
        rebuild: REPAIRED,
        note: 'The next size is used.',
      },
      (spec) => ({ ...spec, size: 'Standard_D4s_v5' }),
    ),
    forbids(
      'size-forbidden-by-now',
      'The size of the VM itself is now forbidden',
      { vmSizes: ['Standard_D4as_v5'] },
      {
        claims: { size: 'Standard_D4as_v5' },
        swap: onlineOnly('PolicyDenied'),
        rebuild: onlineOnly('PolicyDenied'),
        note: 'Any change to the VM is denied; Azure Policy is checked in advance. Exempt the VM during the repair.',
      },
      (spec) => ({ ...spec, size: 'Standard_D4as_v5' }),
    ),
    forbids(
      'private-disks',
      'Disks with public network access are forbidden, and its disk is one',
      { publicDisks: true },
      {
        swap: noSnapshot('PolicyDenied'),
        rebuild: noSnapshot('PolicyDenied'),
        note: 'A snapshot has the same network access as its disk. Restrict the disk, or exempt it.',
      },
    ),
  ],
};
