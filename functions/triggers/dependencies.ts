import type { Clock } from '../../shared/clock.ts';
import type {
  IntakeStore,
  NewsQueue,
  RecordStore,
  RequestQueue,
  VmDirectory,
} from '../../shared/intake/ports.ts';
import type { Connector } from '../../shared/intake/tickets/connector.ts';
import type { CommentDependencies } from '../../shared/intake/tickets/send-comment.ts';
import type { ChannelName } from '../../shared/model/notify.ts';
import type { ControlStore } from '../../shared/store/control-store.ts';
import type { EvidenceStore } from '../../shared/store/evidence.ts';
import type { Authority } from '../../shared/repair/policy/load.ts';
import type { FullSubscriptions } from './full-subscriptions.ts';
import type { PageFiles } from './page/files.ts';

/** Everything the triggers need from outside; `functions/compose.ts` builds the real ones. */
export interface TriggerDependencies extends Authority {
  readonly vms: VmDirectory;
  readonly records: RecordStore;
  readonly intake: IntakeStore;
  /** What people ask of a remediation that goes on. */
  readonly control: ControlStore;
  /** Task hub of the durable engine of this app. */
  readonly hub: string;
  readonly queue: RequestQueue;
  /** Where messages that wait for a place need not ask. */
  readonly fullSubscriptions: FullSubscriptions;
  readonly news: NewsQueue;
  /** Where people are notified. */
  readonly channels: readonly ChannelName[];
  /** Whose calls are let in. */
  readonly auth: 'key' | 'entra';
  /** The Entra ID tenant whose people are let in. */
  readonly tenant: string | undefined;
  /** What approvers send beside the key, where callers have keys; `undefined`: nobody can approve. */
  readonly approverSecret: string | undefined;
  /** What sessions of the page are signed with, where callers have keys; `undefined`: nobody signs in to the page with one. */
  readonly sessionSecret: string | undefined;
  /** The page, as it is served. */
  readonly page: PageFiles;
  /** Reads a kept piece of evidence by its address. */
  readonly evidence: Pick<EvidenceStore, 'read'>;
  readonly connectors: ReadonlyMap<string, Connector>;
  /** How comments reach ticket systems: name resolution and the call itself. */
  readonly outside: Pick<CommentDependencies, 'resolve' | 'call'>;
  /** Minutes between two rounds of the fleet watch; 0: it never goes round. */
  readonly fleetWatchMinutes: number;
  readonly clock: Clock;
  /** App settings: secrets of the connectors are read from here by name, at each call. */
  readonly settings: Readonly<Record<string, string | undefined>>;
  /** Version told by `GET /api/health` and the OpenAPI document. */
  readonly version: string;
}
