import * as df from 'durable-functions';
import { ACTIVITIES } from '../../shared/model/activity.ts';
import { explain } from '../../shared/repair/policy/explain.ts';
import { asksApproval } from '../../shared/repair/policy/approval.ts';
import { sourceNameOf } from '../../shared/repair/policy/caps.ts';
import type { PolicyFacts, RuleId } from '../../shared/repair/policy/facts.ts';
import { freePlace, takePlace } from '../triggers/places.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { implement } from './implement.ts';

/** What may have changed since the request was let in; how often and how many were asked then, and count this very attempt. */
const ASKED_AGAIN: readonly RuleId[] = [
  'source-mode',
  'source-restore-way',
  'accepted-losses',
  'source-options',
  'source-addresses',
  'peer',
  'subscription',
  'resource-group',
  'opt-out-tag',
  'opt-in-tag',
  'maintenance-window',
];

/** Activities that ask the policy, and whether there is room for another remediation. */
export function registerPolicyActivities(deps: ActivityDependencies): void {
  const client = [df.input.durableClient()];
  implement(ACTIVITIES.askPolicy, ({ request, tags, at, downtimeSeconds, disrupts }) => {
    const { vmId, mode, options } = request;
    const now = Date.parse(at);
    const facts: PolicyFacts = {
      ...{ vmId, mode, options, tags, now, disrupts },
      source: sourceNameOf(request.source),
      until: now + downtimeSeconds * 1000,
      ...{ attempts: [], looks: [], startedThisHour: 0, running: 0 },
    };
    const { decision, decidedBy } = explain(deps.policy, facts, ASKED_AGAIN);
    const refused = decision === 'refused' && decidedBy;
    return Promise.resolve({
      refusal: refused
        ? { rule: refused.rule, message: `The policy says no by now: ${refused.reason}.` }
        : null,
      approval: asksApproval(deps.policy, facts, disrupts),
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
