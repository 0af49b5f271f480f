import { addressesOf, osTypeOf, powerStateOf, readVm } from '../../shared/azure/inspect-vm.ts';
import { listVms } from '../../shared/azure/watched-vms.ts';
import { toProblem } from '../../shared/errors.ts';
import { FLEET_WATCH, type Ill } from '../../shared/model/fleet-watch.ts';
import { remediationRequestSchema } from '../../shared/model/request.ts';
import { parseVmId } from '../../shared/model/vm-id.ts';
import { probeAny } from '../../shared/probe/probe-any.ts';
import { defaultsFor } from '../../shared/repair/policy/defaults.ts';
import { FLEET_WATCH_NAME, isIll, isWatched, mayWatch } from '../../shared/repair/policy/watched.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { implement } from './implement.ts';

/** A VM whose RDP has another port is not watched (docs/alerts.md). */
const RDP_PORT = 3389;
const HOUR = 3_600_000;

/** Activities of the fleet watch. */
export function registerFleetWatchActivities(deps: ActivityDependencies): void {
  const { azure, policy, intake, queue, clock } = deps;
  implement(FLEET_WATCH.listWatched, async () => {
    if (!mayWatch(policy)) return { vmIds: [], unread: [] };
    const named = policy.scope.subscriptions.filter((id) => id !== '*');
    const subscriptions = named.length > 0 ? named : await deps.subscriptions();
    const { vms, unread } = await listVms(azure, { ...policy.scope, subscriptions });
    const vmIds = vms.flatMap((vm) => {
      const vmId = parseVmId(vm.id ?? '')?.id;
      const candidate = vmId && { vmId, osType: osTypeOf(vm), tags: vm.tags ?? {} };
      return candidate && isWatched(policy, candidate, clock.now()) ? [candidate.vmId] : [];
    });
    return { vmIds, unread };
  });
  implement(FLEET_WATCH.askWatched, async ({ vmIds, at }, context) => {
    const answers = await Promise.all(
      vmIds.map((vmId) =>
        ask(deps, vmId, Date.parse(at)).catch((error: unknown) => {
          // One VM that cannot be read must not keep the others from being asked.
          context.warn(`fleet watch: ${vmId}: ${toProblem(error).message}`);
          return 'not-asked' as const;
        }),
      ),
    );
    const asked = answers.filter((answer) => answer !== 'not-asked');
    return { asked: asked.length, ill: asked.filter((answer) => answer !== 'well') };
  });
  implement(FLEET_WATCH.requestWatched, async ({ ill: { vmId }, at }) => {
    const id = `${vmId} ${String(Math.floor(Date.parse(at) / HOUR))}`;
    // Once an hour: the policy's own rests and limits hold besides, and are not to be run against at every round.
    if (!(await intake.claim('watched', id))) return { sent: false };
    const source = { kind: 'alert', name: FLEET_WATCH_NAME, id: `${FLEET_WATCH_NAME} ${at}` } as const;
    const { mode, options } = defaultsFor(policy, 'alert');
    await queue.send(remediationRequestSchema.parse({ vmId, source, mode, options }), 0);
    return { sent: true };
  });
}

async function ask(
  { azure, privateRoute, probeTimeoutMs }: ActivityDependencies,
  vmId: string,
  now: number,
): Promise<Ill | 'well' | 'not-asked'> {
  const vm = await readVm(azure, vmId);
  if (powerStateOf(vm) !== 'running') return 'not-asked';
  const computerName = vm.osProfile?.computerName;
  const probe = await probeAny(await addressesOf(azure, vm), RDP_PORT, {
    timeoutMs: probeTimeoutMs,
    now: () => now,
    expect: computerName === undefined ? {} : { computerName },
    privateRoute,
  });
  return isIll(probe) ? { vmId, state: probe.state, detail: probe.detail } : 'well';
}
