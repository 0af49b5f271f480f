import type { Inspection } from '../model/inspection.ts';
import { explain } from './policy/explain.ts';
import type { PolicyFacts, RuleId } from './policy/facts.ts';
import { hasTag } from './policy/tags.ts';
import type { Policy } from './policy/schema.ts';

/** A peer is in the policy's scope like any other VM that is touched, and its owner may keep it out. */
const ASKED: readonly RuleId[] = ['peer', 'subscription', 'resource-group', 'opt-out-tag'];

/**
 * Why another VM may not help this one; `undefined` where it may. A script runs there as SYSTEM and reaches out to a private address,
 * which means this VM in its own network alone: elsewhere it is a stranger's.
 * @param facts of the request, which is about the VM
 */
export function whyNoPeer(
  policy: Policy,
  vm: Inspection,
  peer: Inspection,
  facts: PolicyFacts,
): string | undefined {
  const { decidedBy } = explain(policy, { ...facts, vmId: peer.vmId, tags: peer.tags }, ASKED);
  if (decidedBy) return decidedBy.reason;
  const { name, value } = policy.peers.tag;
  if (!hasTag(peer.tags, name, value)) return `its owner has not allowed it with the tag ${name}: ${value}`;
  if (peer.vmId === vm.vmId) return 'it is the VM itself';
  const networks = networksOf(vm);
  if (!networksOf(peer).some((network) => networks.includes(network)))
    return 'it has no network interface in the virtual network of the VM';
  if (peer.osType !== 'Windows' || peer.powerState !== 'running' || !peer.agentReady)
    return 'it is not a running Windows VM with a Ready agent';
  return undefined;
}

/** Ids of the virtual networks in which a VM's NICs stand. */
function networksOf({ nics }: Inspection): string[] {
  return nics.flatMap(({ subnetId }) => subnetId?.toLowerCase().split('/subnets/')[0] ?? []);
}
