import type { Lab } from '../../arm/start-lab.ts';
import type { VmSpec } from '../../arm/vm-spec.ts';

/** How the repair of a VM whose agent is silent ends: nothing but the offline repair could help it. */
export type Ends =
  | { ends: 'repaired' }
  /** Refused offline before anything of the repair begins; a VM whose agent answers is repaired online. */
  | { ends: 'online-only'; code: string }
  /** As above, but only the rehearsal finds it out, while the VM runs. */
  | { ends: 'rehearsal-finds'; code: string }
  /** Nothing is done at all. */
  | { ends: 'refused'; code: string }
  /** The safety snapshot cannot be taken, and so nothing is changed. */
  | { ends: 'no-snapshot'; code: string };

export const REPAIRED: Ends = { ends: 'repaired' };
export const onlineOnly = (code: string): Ends => ({ ends: 'online-only', code });
export const rehearsalFinds = (code: string): Ends => ({ ends: 'rehearsal-finds', code });
export const refused = (code: string): Ends => ({ ends: 'refused', code });
export const noSnapshot = (code: string): Ends => ({ ends: 'no-snapshot', code });

/** What of a VM only one kind can decide: two that claim it differently do not go together. */
type Claim = 'generation' | 'size' | 'zone' | 'key' | 'disk' | 'subscription' | 'host';

/** One way in which VMs differ: what a VM is made of, stands in, or is governed by. */
export interface VmKind {
  /** Lower case, with hyphens: part of VM names. */
  name: string;
  /** A few words for people. */
  title: string;
  claims?: Partial<Record<Claim, string>>;
  /** Makes a VM one of the kind. */
  dress(spec: VmSpec): VmSpec;
  /** Sets up what governs it from outside, within its own resource group. */
  surround?(lab: Lab, spec: VmSpec): void;
  swap: Ends;
  rebuild: Ends;
  /** What was run in it cannot be deleted again. */
  leavesRunCommands?: true;
  /** What people must know, or the way out. */
  note: string;
}

/** Kinds of which a VM is exactly one; the first is the ordinary one. */
export interface KindGroup {
  name: string;
  title: string;
  kinds: readonly VmKind[];
}

/** Whether one VM can be of both kinds. */
export function goTogether(one: VmKind, other: VmKind): boolean {
  if (!one.claims || !other.claims) return true;
  const claims = new Map(Object.entries(one.claims));
  return Object.entries(other.claims).every(([claim, value]) => (claims.get(claim) ?? value) === value);
}

/** An id of something that the lab has no type for, in the VM's own group. */
export function neighbour(
  { subscriptionId = '00000000-0000-4000-8000-000000000001', resourceGroup = 'rg-fleet' }: VmSpec,
  type: string,
  name: string,
): string {
  return `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/${type}/${name}`;
}

/** The same VM with more of its own ARM body. */
export function withSettings(spec: VmSpec, settings: NonNullable<VmSpec['settings']>): VmSpec {
  return { ...spec, settings: { ...spec.settings, ...settings } };
}

/** The same VM, and more of its OS disk's ARM body. */
export function withDisk(spec: VmSpec, settings: NonNullable<VmSpec['osDiskSettings']>): VmSpec {
  return { ...spec, osDiskSettings: { ...spec.osDiskSettings, ...settings } };
}

/** The VM as it is, for the ordinary kind of a group. */
export const asItIs = (spec: VmSpec): VmSpec => spec;
