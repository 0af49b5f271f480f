import type { Asked, DeedKind, Expected } from '../model/expected.ts';
import { nameOf } from '../model/vm-id.ts';

/** States of power that last; in any other, an operation is under way. */
const CALM: readonly string[] = ['running', 'stopped', 'deallocated'];

/** Whether nobody is switching the VM on or off just now. */
export function isCalm({ power }: Expected): boolean {
  return CALM.includes(power);
}

/**
 * In which ways a VM stands otherwise than expected, in words; empty where it does not.
 *
 * The time of ownership is the only trace of a VM that was started and stopped again behind our back. It is compared for one that
 * is down; a running VM writes anyway. Where an attempt of our own may have moved it, it is not compared.
 */
export function differences(expected: Expected, now: Expected, compareTime = true): string[] {
  const told: string[] = [];
  if (now.vmId !== expected.vmId) told.push('it is a different VM with the same name');
  if (now.osDiskId !== expected.osDiskId)
    told.push(`its OS disk is ${nameOf(now.osDiskId)}, not ${nameOf(expected.osDiskId)}`);
  else if (now.osDiskUniqueId !== expected.osDiskUniqueId)
    told.push('its OS disk is a different disk with the same name');
  if (now.power !== expected.power) told.push(`it is ${now.power}, not ${expected.power}`);
  else if (compareTime && movedWhileDown(expected, now))
    told.push(
      `it was started, stopped or given another disk at ${now.ownershipUpdatedAt ?? 'an unknown time'}`,
    );
  return told;
}

function movedWhileDown({ power, ownershipUpdatedAt }: Expected, now: Expected): boolean {
  return power !== 'running' && ownershipUpdatedAt !== null && now.ownershipUpdatedAt !== ownershipUpdatedAt;
}

const POWER_AFTER: Partial<Record<DeedKind, string>> = {
  deallocate: 'deallocated',
  'power-off': 'stopped',
  start: 'running',
  restart: 'running',
};

/**
 * Whether a VM stands as a deed of ours leaves it; `undefined` where it is gone. One that switches and did not end well may leave
 * it in any state of power.
 */
export function standsAfter(
  { kind, deed: { expected }, osDiskId, ended }: Asked,
  now: Expected | undefined,
): boolean {
  if (kind === 'delete-vm') return now === undefined;
  if (!now) return false;
  if (kind === 'recreate-vm') return now.osDiskId === osDiskId;
  if (now.vmId !== expected.vmId) return false;
  if (kind === 'swap-os-disk') return now.osDiskId === osDiskId && now.power === expected.power;
  const sameDisk = now.osDiskId === expected.osDiskId && now.osDiskUniqueId === expected.osDiskUniqueId;
  const power = POWER_AFTER[kind] ?? expected.power;
  return sameDisk && (now.power === power || (!ended && kind in POWER_AFTER));
}
