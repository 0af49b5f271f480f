import { policySchema, type Policy } from '../../shared/repair/policy/schema.ts';

/**
 * The least that has the fleet watch repair one VM by itself: alerts may repair online, VMs that have opted in, in one resource group.
 * @throws ZodError for what is no subscription id or no name of a group
 */
export function endToEndPolicy(subscription: string, group: string): Policy {
  const nothing = { modes: [] };
  return policySchema.parse({
    scope: { subscriptions: [subscription], resourceGroups: [group] },
    tag: { required: true },
    sources: {
      alert: { modes: ['diagnose', 'online'] },
      ticket: nothing,
      queue: nothing,
      caller: { modes: ['diagnose'] },
    },
  });
}
