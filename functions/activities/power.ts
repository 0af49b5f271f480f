import { readDone, readExpected, readStanding } from '../../shared/azure/compare.ts';
import { readOwnersWord } from '../../shared/azure/owners-word.ts';
import { requireSettled } from '../../shared/azure/operation.ts';
import { beginDeallocate, beginPowerOff, beginRestart, beginStart } from '../../shared/azure/vm-power.ts';
import { ACTIVITIES } from '../../shared/model/activity.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { implement } from './implement.ts';
import { implementMandated } from './mandate.ts';

/** Activities that switch a VM on and off, and look how it stands before and after. */
export function registerPowerActivities(acting: ActivityDependencies): void {
  implement(ACTIVITIES.readStanding, async ({ vmId, remediationId, intent, settled }) => {
    const standing = await readStanding(acting.azure, vmId);
    if (settled) requireSettled(standing?.vm);
    return { now: standing?.now ?? null, begun: await acting.intents.has(remediationId, intent) };
  });
  implement(ACTIVITIES.readOwnersWord, ({ vmId, since, at }) =>
    readOwnersWord(acting.azure, vmId, acting.policy.tag, { since, at }),
  );
  implement(ACTIVITIES.readExpected, async ({ asked }) => ({
    now: (await readExpected(acting, asked)) ?? null,
  }));
  implement(ACTIVITIES.readDone, async ({ asked }) => ({ done: await readDone(acting.azure, asked) }));
  implementMandated(acting, ACTIVITIES.beginRestart, (deed) => beginRestart(acting, deed));
  implementMandated(acting, ACTIVITIES.beginStart, (deed) => beginStart(acting, deed));
  implementMandated(acting, ACTIVITIES.beginDeallocate, (deed) => beginDeallocate(acting, deed));
  implementMandated(acting, ACTIVITIES.beginPowerOff, (deed) => beginPowerOff(acting, deed));
}
