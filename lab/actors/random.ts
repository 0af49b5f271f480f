import { nameOf } from '../arm/store/resource-id.ts';
import type { Actor, Deed, Moment } from './actor.ts';
import { parseDeeds } from './parse.ts';

export interface RandomOptions {
  /** The VM they are after. */
  vm: string;
  /** How many come; 3 unless given. */
  count?: number;
  /** Within how many seconds of lab time those come who go by the clock; 1,800 unless given. */
  withinSeconds?: number;
  /** What they may do, as `parseActors` reads it, `$vm` for the VM's name; `MISCHIEF` unless given. */
  deeds?: readonly string[];
  /** Calls that they come before or after, as Azure names their actions, more often those named more often; `CALLS` unless given. */
  calls?: readonly string[];
  /** At the latest with which of the same calls; with the fourth unless given. */
  atLatest?: number;
  /** Part of the path of the calls that set them off, where a lab repairs several VMs at once; all calls unless given. */
  callsOn?: string;
}

/** What people and machines do to a VM that somebody repairs: each harmless alone, and none of it announced. */
export const MISCHIEF: readonly string[] = [
  'start',
  'stop',
  'deallocate',
  'start, deallocate',
  'restart',
  'resize Standard_D4s_v5',
  'delete',
  'recreate',
  'restore',
  'deallocate, swap $vm-osdisk, start',
  'attach foreign-data',
  'rule by-hand ports=3389 priority=150',
  'rule rdp-medic-* priority=250',
  'delete-rule rdp-medic-*',
  'lock ReadOnly',
  'lock CanNotDelete group',
  'unlock',
  'revoke',
  'revoke Microsoft.Compute/virtualMachines/start/action',
  'revoke Microsoft.Compute/virtualMachines/write',
  'revoke Microsoft.Compute/disks/delete',
  'deny Microsoft.Compute/virtualMachines/start/action',
  'deny Microsoft.Compute/disks/write group',
  'deny */delete group',
  'allow',
  'grant',
  'tag rdp-medic=disabled',
  'policy cost-centre=4711',
  'extension Monitor version=2.0',
  'nic drop-nsg',
  'agent off',
  'agent on',
  'delete role:snapshot',
  'delete role:rescue-vm',
  'delete role:repair-disk',
  'delete role:rehearsal-disk',
  'delete role:original-disk',
  'janitor',
];

/** Calls of a repair that somebody may come before, or after. */
export const CALLS: readonly string[] = [
  'virtualMachines/deallocate/action',
  'virtualMachines/start/action',
  'virtualMachines/restart/action',
  'virtualMachines/write',
  'virtualMachines/read',
  'virtualMachines/attachDetachDataDisks/action',
  'virtualMachines/runCommands/write',
  'snapshots/write',
  'disks/write',
  'disks/delete',
].map((action) => `Microsoft.Compute/${action}`);

/**
 * Somebody or other, at some moment or other: the same for the same seed, so that a run that failed can be had again.
 * @param seed a whole number
 */
export function randomActors(seed: number, options: RandomOptions): Actor[] {
  const { vm, count = 3, withinSeconds = 1800, deeds = MISCHIEF, callsOn } = options;
  const { calls = CALLS, atLatest = 4 } = options;
  const chance = createChance(seed);
  const below = (limit: number): number => Math.floor(chance() * limit);
  const oneOf = (list: readonly string[]): string => list[below(list.length)] ?? '';

  const moment = (): Moment => {
    const match = { action: oneOf(calls), ...(callsOn !== undefined && { resource: callsOn }) };
    const from = 1 + below(atLatest);
    const delaySeconds = below(120);
    const kinds: Moment[] = [
      { kind: 'in', seconds: below(withinSeconds) },
      { kind: 'before', match, from },
      { kind: 'after', match, from, delaySeconds },
      { kind: 'once', match, from, delaySeconds },
    ];
    return kinds[below(kinds.length)] ?? { kind: 'in', seconds: 0 };
  };

  return Array.from({ length: count }, (_, index): Actor => {
    const when = moment();
    return {
      who: `somebody-${String(index + 1)}`,
      when,
      deeds: deedsOn(oneOf(deeds), vm),
      target: vm,
      ...(when.kind === 'before' && chance() < 0.3 && { underWay: true }),
    };
  });
}

/** Deeds as `MISCHIEF` has them, on a VM by its name or id. */
export function deedsOn(text: string, vm: string): Deed[] {
  return parseDeeds(text.replaceAll('$vm', nameOf(vm)));
}

/** Mulberry32: numbers from 0 to 1 that look random. */
export function createChance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
