import type { OrchestrationContext } from 'durable-functions';
import { toProblem } from '../../shared/errors.ts';
import { SUB_ORCHESTRATIONS } from '../../shared/model/sub-orchestration.ts';
import {
  madeTypeSchema,
  SWEEP,
  type Group,
  type Kept,
  type MadeType,
  type SeenVms,
  type Sweepable,
  type Swept,
  type Tagged,
} from '../../shared/model/sweep.ts';
import { instanceIdOf, instanceOfRemediation } from '../../shared/model/remediation-id.ts';
import { deletionOrder } from '../../shared/repair/deletion-order.ts';
import {
  fateOf,
  HISTORY_DAYS,
  INTAKE_DAYS,
  KEPT_ROLES,
  type Fate,
  type Known,
} from '../../shared/repair/sweep.ts';
import { act, complete, sub, type Steps } from './durable.ts';
import { registerOrchestrator } from './versions.ts';

/** What is freed by one round (the disks of a rescue VM) goes in the next. */
const ROUNDS = 3;
/** How many remediations are asked after in one call. */
const AT_A_TIME = 50;
const DAY = 24 * 3600 * 1000;

/**
 * The janitor: deletes what remediations left behind, in every resource group that a record names. It never fails:
 * what cannot be deleted now is told, and tried again the next time.
 */
export function* sweep(context: OrchestrationContext): Steps<Swept & { forgotten: number; purged: number }> {
  const removed: string[] = [];
  const left: Swept['left'] = [];
  const { groups } = yield* act(context, SWEEP.listGroups, {});
  for (const group of groups) {
    try {
      const swept = yield* sub(context, SUB_ORCHESTRATIONS.sweepGroup, group);
      removed.push(...swept.removed);
      left.push(...swept.left);
    } catch (error) {
      // One group that may not be read must not keep the others from being swept.
      left.push({
        id: `/subscriptions/${group.subscriptionId}/resourceGroups/${group.resourceGroup}`,
        why: toProblem(error).message,
      });
    }
  }
  const daysAgo = (days: number): string =>
    new Date(context.df.currentUtcDateTime.getTime() - days * DAY).toISOString();
  const { removed: forgotten } = yield* act(context, SWEEP.sweepIntake, { before: daysAgo(INTAKE_DAYS) });
  const purged = yield* purge(context, daysAgo(HISTORY_DAYS), left);
  yield* act(context, SWEEP.measureLeft, { left: left.length });
  if (!context.df.isReplaying) {
    context.log(
      `janitor: deleted ${removed.length}, left ${left.length}, removed ${forgotten} intake entries and ${purged} instance histories`,
    );
    for (const { id, why } of left) context.warn(`janitor: ${id} stays: ${why}`);
  }
  return { removed, left, forgotten, purged };
}

/** History that cannot be purged now is purged the next time. */
function* purge(context: OrchestrationContext, before: string, left: Swept['left']): Steps<number> {
  try {
    return (yield* act(context, SWEEP.purgeHistory, { before })).purged;
  } catch (error) {
    left.push({ id: 'the Durable Functions history', why: toProblem(error).message });
    return 0;
  }
}

/** Sweeps one resource group; the sub-orchestration `sweepGroup`. */
export function* sweepGroup(context: OrchestrationContext, group: Group): Steps<Swept> {
  const removed: string[] = [];
  const failed = new Map<string, string>();
  for (let round = 1; ; round++) {
    const { toRelease, doomed, left } = yield* judge(context, group);
    const untried = ({ id }: Sweepable): boolean => !failed.has(id);
    for (const disk of toRelease.filter(untried))
      yield* tried(failed, disk, take(context, disk, 'beginRelease'));
    let freed = false;
    for (const one of doomed.filter(untried)) {
      if (!(yield* tried(failed, one, take(context, one, 'beginSweep')))) continue;
      removed.push(one.id);
      freed ||= one.role === 'rescue-vm';
    }
    if (!freed || round >= ROUNDS)
      return { removed, left: [...left, ...[...failed].map(([id, why]) => ({ id, why }))] };
  }
}

function take(
  context: OrchestrationContext,
  { id, remediationId, role }: Sweepable,
  how: 'beginSweep' | 'beginRelease',
): Steps<void> {
  return complete(context, SWEEP[how], { id, remediationId, role });
}

/** What cannot be done now is told, and the next is done all the same. */
function* tried(failed: Map<string, string>, { id }: Sweepable, work: Steps<void>): Steps<boolean> {
  try {
    yield* work;
    return true;
  } catch (error) {
    failed.set(id, toProblem(error).message);
    return false;
  }
}

interface Judgement {
  toRelease: Sweepable[];
  doomed: Sweepable[];
  left: Swept['left'];
}

/** Lists first and asks the engine afterwards: what is over then was over, or its maker is known to run. */
function* judge(context: OrchestrationContext, group: Group): Steps<Judgement> {
  const unread = new Map<string, string>();
  const resources = yield* listSweepable(context, group, unread);
  const known = yield* learn(context, [...new Set(resources.map(({ remediationId }) => remediationId))]);
  const fates = resources.map((resource) => ({ resource, fate: fateOf(resource, known) }));
  const having = (fate: Fate['fate']): Sweepable[] =>
    fates.filter((one) => one.fate.fate === fate).map(({ resource }) => resource);
  const doomed = having('delete');
  const inOrder = deletionOrder(doomed, []);
  return {
    toRelease: having('release'),
    // The originals, which no remediation deletes, come last.
    doomed: [...inOrder, ...doomed.filter((resource) => !inOrder.includes(resource))],
    left: [
      ...fates.flatMap(({ resource: { id }, fate }) => (fate.fate === 'leave' ? { id, why: fate.why } : [])),
      ...[...unread].map(([id, why]) => ({ id, why })),
    ],
  };
}

/** Some ids at a time, so that none of the calls takes long, and only what was not answered is asked again. */
function* learn(context: OrchestrationContext, ids: string[]): Steps<Known> {
  const running = new Set<string>();
  const busy = new Set<string>();
  const kept = new Map<string, Kept[]>();
  for (let at = 0; at < ids.length; at += AT_A_TIME) {
    const remediationIds = ids.slice(at, at + AT_A_TIME);
    const found = yield* act(context, SWEEP.findRunning, { remediationIds });
    for (const id of found.running) running.add(id);
    for (const id of found.busy) busy.add(id);
    const { known } = yield* act(context, SWEEP.readKept, { remediationIds });
    for (const one of known) kept.set(one.remediationId, one.kept);
  }
  return { now: context.df.currentUtcDateTime.getTime(), running, busy, kept };
}

/**
 * One type in one group at a time, and scripts only on VMs that were remediated and are there. The VMs of the group must be seen: they
 * say what boots from what. Where else it may not look it finds nothing, and the rest is swept all the same.
 * @param unread is told where that was, and why
 */
function* listSweepable(
  context: OrchestrationContext,
  group: Group,
  unread: Map<string, string>,
): Steps<Sweepable[]> {
  const { subscriptionId, resourceGroup } = group;
  const { vms } = yield* act(context, SWEEP.listVms, { subscriptionId, resourceGroup });
  const instances = new Set(vms.map(({ instanceId }) => instanceId));
  const osDisks = new Set(vms.map(({ osDiskId }) => osDiskId));
  const tagged: Tagged[] = [];
  const remediated = new Set(group.vmIds.map(instanceIdOf));
  for (const [place, types] of placesOf(
    group,
    vms.filter(({ instanceId }) => remediated.has(instanceId)),
  )) {
    for (const type of types) {
      const where = { subscriptionId, resourceGroup: place, type };
      const id = `/subscriptions/${subscriptionId}/resourcegroups/${place}`;
      tagged.push(...(yield* looked(unread, id, act(context, SWEEP.listTagged, where))));
    }
  }
  for (const vmId of group.vmIds.filter((id) => instances.has(instanceIdOf(id))))
    tagged.push(...(yield* looked(unread, vmId, act(context, SWEEP.listScripts, { vmId }))));
  // Copies are judged with their VM: here there is none to go by.
  const judged = group.vmIds.length > 0 ? tagged : tagged.filter(({ role }) => !KEPT_ROLES.includes(role));
  return judged.map((one) => ({
    ...one,
    vmExists: instances.has(instanceOfRemediation(one.remediationId) ?? ''),
    isOsDisk: osDisks.has(one.id.toLowerCase()),
  }));
}

function* looked(
  unread: Map<string, string>,
  id: string,
  look: Steps<{ resources: Tagged[] }>,
): Steps<Tagged[]> {
  try {
    return (yield* look).resources;
  } catch (error) {
    unread.set(id, toProblem(error).message);
    return [];
  }
}

/** Snapshots and copies are made beside the disk, wherever its VM is; where it is gone, the records know. */
function placesOf(
  { resourceGroup, diskGroups }: Group,
  remediated: SeenVms['vms'],
): Map<string, readonly MadeType[]> {
  const places = new Map<string, readonly MadeType[]>();
  const seen = remediated.flatMap(
    ({ osDiskId }) => /\/resourcegroups\/([^/]+)/.exec(osDiskId ?? '')?.[1] ?? [],
  );
  for (const place of [...diskGroups, ...seen])
    places.set(place.toLowerCase(), ['microsoft.compute/disks', 'microsoft.compute/snapshots']);
  return places.set(resourceGroup.toLowerCase(), madeTypeSchema.options);
}

/** Registers the orchestration under the name by which the timer starts it. */
export function registerSweep(): void {
  registerOrchestrator('sweep', sweep);
}
