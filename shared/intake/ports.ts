import type { Problem } from '../errors.ts';
import type { Expected } from '../model/expected.ts';
import type { Owner } from '../model/mandate.ts';
import type { News } from '../model/news.ts';
import type { RemediationRequest, RequestSource } from '../model/request.ts';
import type { OutcomeKind, Phase, RemediationRecord } from '../model/record.ts';

/** What the triggers must know of a VM before they start anything. */
export interface VmSummary {
  /** Canonical resource id. */
  readonly id: string;
  readonly name: string;
  readonly location: string;
  readonly osType: 'Windows' | 'Linux';
  /** Last word of the `PowerState/…` status, such as `running` or `deallocated`. */
  readonly powerState: string;
  readonly provisioningState: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** Where VMs are looked up; `undefined` when there is none, or none that the service may read. */
export interface VmDirectory {
  find(vmId: string): Promise<VmSummary | undefined>;
  /** How it stands now, as deeds compare it. @throws MedicError `UnmanagedDisk`. */
  standingOf(vmId: string): Promise<Expected | undefined>;
}

/** A line of the list of remediations. */
export interface RecordSummary {
  readonly id: string;
  readonly vmId: string;
  readonly phase: Phase;
  readonly outcome?: OutcomeKind | undefined;
  readonly startedAt: string;
  readonly endedAt?: string | undefined;
}

export interface RecordFilter {
  readonly vmId?: string | undefined;
  readonly outcome?: OutcomeKind | undefined;
  /** At most so many, the newest first. */
  readonly limit?: number | undefined;
}

/** The records of all attempts, in the blob container `remediations`. */
export interface RecordStore {
  read(id: string): Promise<RemediationRecord | undefined>;
  /** Epoch of who carries it on by its record; `undefined` where there is no record yet. */
  epochOf(id: string): Promise<number | undefined>;
  /** Makes another the owner; false where the record was written meanwhile. */
  takeOver(id: string, owner: Owner): Promise<boolean>;
  /**
   * @param report the page that is made of it at its end: it is there before the record says that it has ended
   * @throws MedicError `Superseded` where another carries the remediation on by now; then its report stays as it is
   */
  write(record: RemediationRecord, report?: string): Promise<void>;
  list(filter?: RecordFilter): Promise<RecordSummary[]>;
  /** Ids of those that have no end yet. */
  unfinished(): Promise<string[]>;
  /** All attempts on one VM, the newest first. */
  attempts(vmId: string): Promise<RecordSummary[]>;
  readReport(id: string): Promise<string | undefined>;
}

/** An answer that was given to an idempotency key. */
export interface KeptAnswer {
  readonly bodyHash: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/**
 * A message that was put aside. A request that could be read is kept whole, to be sent again; of anything
 * else only hash and size, since it may hold anything.
 */
export interface AsideMessage {
  readonly id: string;
  /** ISO 8601. */
  readonly at: string;
  readonly queue: string;
  readonly problem: Problem;
  readonly sha256: string;
  readonly bytes: number;
  readonly request?: RemediationRequest | undefined;
}

/** A remediation that holds one of the places of its subscription. */
export interface PlaceHolder {
  readonly instanceId: string;
  /** Milliseconds since the epoch. */
  readonly takenAt: number;
}

/** A VM whose request waits in the queue for a place. */
export interface WaitingVm {
  readonly instanceId: string;
  readonly vmId: string;
  /** ISO 8601: when it was last put (back) on the queue. */
  readonly since: string;
  readonly reason: string;
}

/**
 * A message that was taken; news that were passed on; a ticket, or a channel, that was told; a request that we put on the queue ourselves; a VM
 * for which the fleet watch has asked within the hour.
 */
export type ClaimKind = 'signature' | 'news' | 'told' | 'notified' | 'sent' | 'watched';

/** What intake itself must remember, across hosts and restarts; each method is atomic. */
export interface IntakeStore {
  /** Takes a key that can be taken once; false if it was taken. */
  claim(kind: ClaimKind, key: string): Promise<boolean>;
  isClaimed(kind: ClaimKind, key: string): Promise<boolean>;
  /** Gives a claimed key back, because what it was taken for did not happen. */
  release(kind: ClaimKind, key: string): Promise<void>;
  /** Adds a ticket that wants to be told how a remediation goes on; once, however often it is added. */
  follow(remediationId: string, ticket: RequestSource): Promise<void>;
  followers(remediationId: string): Promise<RequestSource[]>;
  /** Takes one of at most `most` turns within the last `seconds`; false where all are taken. */
  takeTurn(key: string, most: number, seconds: number): Promise<boolean>;
  /** How many were taken within the last `seconds`. */
  turnsTaken(key: string, seconds: number): Promise<number>;
  readAnswer(key: string): Promise<KeptAnswer | undefined>;
  /** Keeps an answer unless the key has one already; gives back the one that counts. */
  keepAnswer(key: string, answer: KeptAnswer): Promise<KeptAnswer>;
  /**
   * Takes one of `places` places in a subscription for an instance; a place whose holder `isOver` is
   * taken over. False if all are held.
   */
  takePlace(
    subscriptionId: string,
    places: number,
    holder: PlaceHolder,
    isOver: (holder: PlaceHolder) => Promise<boolean>,
  ): Promise<boolean>;
  freePlace(subscriptionId: string, instanceId: string): Promise<void>;
  /** Those who hold a place now; some may be over already. */
  placeHolders(subscriptionId: string): Promise<PlaceHolder[]>;
  /** Marks a VM as waiting; false if it was already, by a mark less than `WAITING_MARK_SECONDS` old. */
  startWaiting(waiting: WaitingVm): Promise<boolean>;
  stopWaiting(instanceId: string): Promise<void>;
  listWaiting(): Promise<WaitingVm[]>;
  /** Keeps why a queue message failed, so that the poison queue's watcher can tell. */
  noteFailure(messageHash: string, problem: Problem): Promise<void>;
  readFailure(messageHash: string): Promise<Problem | undefined>;
  putAside(message: AsideMessage): Promise<void>;
  listAside(limit?: number): Promise<AsideMessage[]>;
  readAside(id: string): Promise<AsideMessage | undefined>;
  /** Forgets a message that was put aside, because it is on the queue again. */
  forgetAside(id: string): Promise<void>;
}

/** After so long a mark that nobody renewed counts as lost, and with it its message. */
export const WAITING_MARK_SECONDS = 600;

/** The queue `remediation-requests`. */
export interface RequestQueue {
  /** Sends a request that becomes visible after `delaySeconds`. */
  send(request: RemediationRequest, delaySeconds: number): Promise<void>;
}

/** The queue `ticket-news`. */
export interface NewsQueue {
  /** Sends news that become visible after `delaySeconds`, or at once. */
  send(news: News, delaySeconds?: number): Promise<void>;
}
