import type { VmSpec } from '../../arm/vm-spec.ts';
import { disableAgent } from '../faults/settings.ts';
import { disableTls } from '../faults/tls.ts';
import { windowsVm } from '../windows-vm.ts';
import { ACCESS, DATA, ENCRYPTION, OS_DISK } from './disks.ts';
import { DENY_ASSIGNMENTS, LOCKS, POLICIES } from './governance.ts';
import { EXTENSIONS, IDENTITY, SETTINGS } from './inside.ts';
import type { KindGroup, VmKind } from './kind.ts';
import { BOOTS, HARDWARE, IMAGE } from './machine.ts';
import { CARDS, FRONT } from './network.ts';
import { PLACE } from './placement.ts';

export { goTogether, type Ends, type KindGroup, type VmKind } from './kind.ts';

/** Every way in which VMs differ that matters to a repair: the one table of tests and of docs/vm-kinds.md. */
export const KIND_GROUPS: readonly KindGroup[] = [
  BOOTS,
  HARDWARE,
  IMAGE,
  PLACE,
  OS_DISK,
  ENCRYPTION,
  ACCESS,
  DATA,
  CARDS,
  FRONT,
  IDENTITY,
  SETTINGS,
  EXTENSIONS,
  LOCKS,
  DENY_ASSIGNMENTS,
  POLICIES,
];

interface KindVmOptions {
  name: string;
  /** Milliseconds since the epoch: certificates are dated by it. */
  now: number;
  /** Whether its agent answers, so that it can be repaired online. */
  agent?: boolean;
}

/** A VM in a group of its own that is of all these kinds, with TLS disabled. */
export function kindVm(kinds: readonly VmKind[], { name, now, agent = false }: KindVmOptions): VmSpec {
  const generation = kinds.some(({ claims }) => claims?.generation === 'V1') ? 'V1' : 'V2';
  const subscription = kinds.find(({ claims }) => claims?.subscription !== undefined)?.name;
  const plain = windowsVm({
    name,
    generation,
    now,
    faults: agent ? [disableTls] : [disableTls, disableAgent],
    azure: {
      resourceGroup: `rg-${name}`,
      ...(subscription !== undefined && { subscriptionId: subscriptionOf(subscription) }),
    },
  });
  return kinds.reduce((spec, kind) => kind.dress(spec), plain);
}

/** The subscription of its own of a kind that governs a whole one. */
export function subscriptionOf(kind: string): string {
  const number = KIND_GROUPS.flatMap(({ kinds }) => kinds).findIndex(({ name }) => name === kind);
  return `00000000-0000-4000-8000-${String(1000 + number).padStart(12, '0')}`;
}
