import * as df from 'durable-functions';
import { ACTIVITIES } from '../../shared/model/activity.ts';
import { explain } from '../../shared/repair/policy/explain.ts';
import type { RuleId } from '../../shared/repair/policy/facts.ts';
import { freePlace, takePlace } from '../triggers/places.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { implement } from './implement.ts';

/** What may have changed since the request was let in; how often and how many were asked then, and count this very attempt. */
const ASKED_AGAIN: readonly RuleId[] = [
  'subscription',
  'resource-group',
  'opt-out-tag',
  'opt-in-tag',
  'maintenance-window',
];

/** Activities that ask the policy, and whether there is room for another remediation. */
export function registerPolicyActivities(deps: ActivityDependencies): void {
  const client = [df.input.durableClient()];
  implement(ACTIVITIES.askPolicy, ({ vmId, mode, tags, at, downtimeSeconds }) => {
    const now = Date.parse(at);
    const facts = { vmId, mode, tags, now, until: now + downtimeSeconds * 1000, attempts: [], running: 0 };
    const { decision, decidedBy } = explain(deps.policy, facts, ASKED_AGAIN);
    const refused = decision === 'refused' && decidedBy;
    return Promise.resolve({
      refusal: refused
        ? { rule: refused.rule, message: `The policy says no by now: ${refused.reason}.` }
        : null,
    });
  });
  implement(ACTIVITIES.freePlace, async ({ vmId }) => {
    await freePlace(deps, vmId);
    return {};
  });
  implement(
    ACTIVITIES.takePlace,
    async ({ vmId }, context) => ({ taken: await takePlace(df.getClient(context), deps, vmId) }),
    client,
  );
}
