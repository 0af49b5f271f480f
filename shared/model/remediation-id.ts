import { createHash, randomBytes } from 'node:crypto';

const REMEDIATION_ID = /^(vm-[0-9a-f]{32})-([0-9]{17})-[0-9a-f]{4}$/;

/**
 * The durable instance id of a VM, from its canonical id: one VM, one instance, so that the engine itself
 * refuses a second remediation of the same VM. Hashed, because a resource id holds slashes.
 */
export function instanceIdOf(vmId: string): string {
  return `vm-${createHash('sha256').update(vmId).digest('hex').slice(0, 32)}`;
}

/** A new id for one attempt: instance, moment (UTC), and four random digits for two in one millisecond. */
export function newRemediationId(instanceId: string, now: number): string {
  const moment = new Date(now).toISOString().replaceAll(/[^0-9]/g, '');
  return `${instanceId}-${moment}-${randomBytes(2).toString('hex')}`;
}

/** The instance that an attempt belongs to; `undefined` for what is no id of an attempt. */
export function instanceOfRemediation(remediationId: string): string | undefined {
  return REMEDIATION_ID.exec(remediationId)?.[1];
}

/** The twelve digits by which names of what an attempt makes tell it from every other one, of this VM or another. */
export function shortHashOf(remediationId: string): string {
  return createHash('sha256').update(remediationId).digest('hex').slice(0, 12);
}

/** When an attempt was accepted, in milliseconds since the epoch; `undefined` for what is no id of an attempt. */
export function momentOfRemediation(remediationId: string): number | undefined {
  const [, , digits = ''] = REMEDIATION_ID.exec(remediationId) ?? [];
  const moment = Date.parse(digits.replace(/^(....)(..)(..)(..)(..)(..)(...)$/, '$1-$2-$3T$4:$5:$6.$7Z'));
  return Number.isNaN(moment) ? undefined : moment;
}
