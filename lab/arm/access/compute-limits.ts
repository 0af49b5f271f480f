import type { Clock } from '../../../shared/clock.ts';
import { ArmError } from '../errors.ts';
import type { Method } from '../http.ts';
import type { Operations } from '../operations.ts';
import { idKey, subscriptionOf } from '../store/resource-id.ts';
import { createTokenBuckets, secondsUntilOne, type Bucket } from './token-bucket.ts';

/** Calls of Compute that share a bucket, for each VM and for each subscription. */
type Group = 'PutVM' | 'UpdateVM' | 'DeleteVM' | 'LowCostGet' | 'HighCostGet' | 'GetOperation';

const perMinute = (refill: number, size: number): Bucket => ({ size, perSecond: refill / 60 });

/**
 * The limits of the Compute provider beside those of ARM, which everybody shares who calls (learn.microsoft.com, virtual-machines,
 * "Throttling limits for Compute": buckets and refills of May 2024). Disks and snapshots are not on that page.
 */
const LIMITS: Record<Group, { vm?: Bucket; subscription: Bucket }> = {
  PutVM: { vm: perMinute(4, 12), subscription: perMinute(500, 1500) },
  UpdateVM: { vm: perMinute(4, 12), subscription: perMinute(500, 1500) },
  DeleteVM: { vm: perMinute(4, 12), subscription: perMinute(500, 1500) },
  LowCostGet: { vm: perMinute(12, 36), subscription: perMinute(8000, 24_000) },
  HighCostGet: { subscription: perMinute(300, 900) },
  GetOperation: { vm: perMinute(15, 45), subscription: perMinute(5000, 15_000) },
};

export interface ComputeLimiter {
  /** Takes a call out of its buckets, if Compute counts it. @throws ArmError 429 with `Retry-After` */
  take(method: Method, path: string): void;
}

/** @param operations tells which VM a poll is about */
export function createComputeLimiter(clock: Clock, operations: Pick<Operations, 'find'>): ComputeLimiter {
  const buckets = createTokenBuckets(clock);
  return {
    take(method, path) {
      const counted = groupOf(method, path, operations);
      if (!counted) return;
      const { group, vm } = counted;
      const { vm: ofVm, subscription } = LIMITS[group];
      const asked = [
        ...(ofVm && vm !== undefined ? [{ key: `${group} ${idKey(vm)}`, bucket: ofVm }] : []),
        { key: `${group} ${idKey(subscriptionOf(path))}`, bucket: subscription },
      ];
      for (const { key, bucket } of asked) {
        const level = buckets.level(key, bucket);
        if (level < 1) throw throttled(group, bucket, secondsUntilOne(level, bucket));
      }
      for (const { key, bucket } of asked) buckets.take(key, bucket);
    },
  };
}

const VM_PATH =
  /^(?<vm>\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.Compute\/virtualMachines\/[^/]+)(?<rest>\/.*)?$/i;
const LIST_PATH = /\/providers\/Microsoft\.Compute\/virtualMachines$/i;
const POLL_PATH = /\/providers\/Microsoft\.Compute\/locations\/[^/]+\/operations\/(?<id>[^/]+)$/i;
/** Asked of a VM by a POST that goes off or away. */
const DELETES = /^\/deallocate$/i;

function groupOf(
  method: Method,
  path: string,
  operations: Pick<Operations, 'find'>,
): { group: Group; vm: string | undefined } | undefined {
  const poll = POLL_PATH.exec(path)?.groups?.['id'];
  if (poll !== undefined) {
    const target = operations.find(poll)?.target ?? '';
    return { group: 'GetOperation', vm: VM_PATH.exec(target)?.groups?.['vm'] };
  }
  if (LIST_PATH.test(path)) return { group: 'HighCostGet', vm: undefined };
  const { vm, rest = '' } = VM_PATH.exec(path)?.groups ?? {};
  if (vm === undefined || /^\/providers\//i.test(rest)) return undefined;
  return { group: groupOfVm(method, rest), vm };
}

function groupOfVm(method: Method, rest: string): Group {
  if (method === 'GET' || method === 'HEAD') return 'LowCostGet';
  if (rest === '' && method === 'PUT') return 'PutVM';
  if (rest === '' && method === 'DELETE') return 'DeleteVM';
  return DELETES.test(rest) ? 'DeleteVM' : 'UpdateVM';
}

/** As Compute puts it (learn.microsoft.com, troubleshoot/azure/virtual-machines, "Troubleshoot API throttling errors"). */
function throttled(group: Group, { size }: Bucket, seconds: number): ArmError {
  const message = JSON.stringify({ operationGroup: group, allowedRequestCount: size });
  return new ArmError(
    429,
    'OperationNotAllowed',
    'The server rejected the request because too many requests have been received for this subscription.',
    {
      details: [{ code: 'TooManyRequests', target: group, message }],
      headers: { 'Retry-After': String(seconds) },
    },
  );
}
