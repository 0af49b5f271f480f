import type { Azure } from '../../shared/azure/clients.ts';
import type { Clock } from '../../shared/clock.ts';
import type { IntakeStore, RecordStore, RequestQueue } from '../../shared/intake/ports.ts';
import type { TakeDown } from '../../shared/model/settings.ts';
import type { NotifyDependencies } from '../../shared/notify/send.ts';
import type { Policy } from '../../shared/repair/policy/schema.ts';
import type { ControlStore } from '../../shared/store/control-store.ts';
import type { EvidenceStore } from '../../shared/store/evidence.ts';
import type { IntentStore } from '../../shared/store/intent-store.ts';
import type { SweepStore } from '../../shared/store/sweep-store.ts';

/** Everything the activities need from outside; `functions/compose.ts` builds the real ones. */
export interface ActivityDependencies {
  readonly azure: Azure;
  readonly records: RecordStore;
  readonly evidence: EvidenceStore;
  /** What was about to be done, so that what stands as wanted is known to be our own doing. */
  readonly intents: IntentStore;
  /** What people ask of a remediation that goes on. */
  readonly control: ControlStore;
  /** Task hub of the durable engine of this app. */
  readonly hub: string;
  readonly policy: Policy;
  /** Who holds the places of a subscription. */
  readonly intake: IntakeStore;
  readonly clock: Clock;
  /** Where people are notified, and how these systems are reached. */
  readonly notifying: Pick<NotifyDependencies, 'channels' | 'outside' | 'baseAddress'>;
  readonly sweeping: SweepStore;
  /** What this deployment calls itself in the tags of all it makes. */
  readonly deployment: string;
  /** Size of the rescue VM that is tried first: with SCSI (shared/azure/rescue-vm.ts). */
  readonly rescueVmSize: string | undefined;
  /** As whom a peer deletes a certificate on another VM; `undefined`: as SYSTEM of the peer, which only a domain lets in. */
  readonly peerAccount: { user: string; password: string } | undefined;
  /** How a VM is taken down. */
  readonly takeDown: TakeDown;
  /** Whether RDP may be asked at private addresses: there is a route to them. */
  readonly privateRoute: boolean;
  /** How long RDP is waited for at one address, in milliseconds of real time. */
  readonly probeTimeoutMs: number;
  /** Ids of the subscriptions that the service sees. */
  readonly subscriptions: () => Promise<string[]>;
  /** Requests that wait for their turn. */
  readonly queue: RequestQueue;
  /** Nothing is started any more, and no VM is taken down. */
  readonly killSwitch: boolean;
}
