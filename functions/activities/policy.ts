import * as df from 'durable-functions';
import { inspectVm } from '../../shared/azure/inspect-vm.ts';
import { MedicError } from '../../shared/errors.ts';
import { ACTIVITIES } from '../../shared/model/activity.ts';
import { explain } from '../../shared/repair/policy/explain.ts';
import type { RemediationRequest } from '../../shared/model/request.ts';
import { whyNoPeer } from '../../shared/repair/peer.ts';
import { asksApproval } from '../../shared/repair/policy/approval.ts';
import { sourceNameOf } from '../../shared/repair/policy/caps.ts';
import {
  factsOfRequest,
  REQUEST_RULES,
  type PolicyFacts,
  type RuleId,
} from '../../shared/repair/policy/facts.ts';
import { freePlace, takePlace } from '../triggers/places.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { implement } from './implement.ts';

/** What may have changed since the request was let in; how often and how many were asked then, and count this very attempt. */
const ASKED_AGAIN: readonly RuleId[] = [...REQUEST_RULES, 'opt-out-tag', 'opt-in-tag', 'maintenance-window'];

/** Of a request that goes on: how often it was asked for, and how many go on, does not count any more. */
function factsOf(request: RemediationRequest, at: string): PolicyFacts {
  return factsOfRequest({ ...request, source: sourceNameOf(request.source), now: Date.parse(at) });
}

/** Activities that ask the policy, and whether there is room for another remediation. */
export function registerPolicyActivities(deps: ActivityDependencies): void {
  const client = [df.input.durableClient()];
  implement(ACTIVITIES.askPolicy, ({ request, tags, at, downtimeSeconds, disrupts }) => {
    const asked = factsOf(request, at);
    const facts: PolicyFacts = { ...asked, tags, disrupts, until: asked.now + downtimeSeconds * 1000 };
    const { decision, decidedBy } = explain(deps.policy, facts, ASKED_AGAIN);
    const refused = decision === 'refused' && decidedBy;
    return Promise.resolve({
      refusal: refused
        ? { rule: refused.rule, message: `The policy no longer allows this: ${refused.reason}.` }
        : null,
      approval: asksApproval(deps.policy, facts, disrupts),
    });
  });
  implement(ACTIVITIES.vetPeer, async ({ request, vm, peerVmId, at }) => {
    const facts = factsOf(request, at);
    try {
      const peer = await inspectVm(deps.azure, peerVmId);
      return { refusal: whyNoPeer(deps.policy, vm, peer, facts) ?? null };
    } catch (error) {
      // What the service may not read is as good as not there.
      if (error instanceof MedicError && (error.code === 'VmNotFound' || error.code === 'AccessDenied'))
        return { refusal: 'it does not exist, or the service may not read it' };
      throw error;
    }
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
