import type {
  AsideMessage,
  IntakeStore,
  KeptAnswer,
  PlaceHolder,
  RecordStore,
  RecordSummary,
  RequestQueue,
  VmDirectory,
  VmSummary,
  WaitingVm,
} from '../../../shared/intake/ports.ts';
import { WAITING_MARK_SECONDS } from '../../../shared/intake/ports.ts';
import type { Problem } from '../../../shared/errors.ts';
import type { Expected } from '../../../shared/model/expected.ts';
import type { Approval } from '../../../shared/model/approval.ts';
import type { Principal } from '../../../shared/model/principal.ts';
import type { Cancellation } from '../../../shared/model/cancellation.ts';
import type { RemediationRecord } from '../../../shared/model/record.ts';
import type { RemediationRequest, RequestSource } from '../../../shared/model/request.ts';
import type { ControlStore } from '../../../shared/store/control-store.ts';

/** A directory of VMs that counts how often Azure would have been asked. */
export interface MemoryDirectory extends VmDirectory {
  readonly vms: Map<string, VmSummary>;
  readonly standings: Map<string, Expected>;
  readonly asked: string[];
}
export function memoryDirectory(): MemoryDirectory {
  const vms = new Map<string, VmSummary>();
  const standings = new Map<string, Expected>();
  const asked: string[] = [];
  return {
    vms,
    standings,
    asked,
    find: (vmId) => {
      asked.push(vmId);
      return Promise.resolve(vms.get(vmId));
    },
    standingOf: (vmId) => Promise.resolve(standings.get(vmId)),
  };
}

export interface MemoryRecords extends RecordStore {
  readonly summaries: RecordSummary[];
  readonly records: Map<string, RemediationRecord>;
  readonly reports: Map<string, string>;
}
export function memoryRecords(): MemoryRecords {
  const summaries: RecordSummary[] = [];
  const records = new Map<string, RemediationRecord>();
  const reports = new Map<string, string>();
  const of = (vmId: string): RecordSummary[] => summaries.filter((summary) => summary.vmId === vmId);
  return {
    summaries,
    records,
    reports,
    read: (id) => Promise.resolve(records.get(id)),
    epochOf: (id) => Promise.resolve(records.get(id)?.owner.epoch),
    takeOver: (id, owner) => {
      const record = records.get(id);
      if (!record || record.owner.epoch >= owner.epoch) return Promise.resolve(false);
      records.set(id, { ...record, owner });
      return Promise.resolve(true);
    },
    write: (record, report) => {
      if (report !== undefined) reports.set(record.id, report);
      records.set(record.id, record);
      return Promise.resolve();
    },
    list: ({ vmId, outcome, limit = 100 } = {}) =>
      Promise.resolve(
        (vmId === undefined ? summaries : of(vmId))
          .filter((summary) => outcome === undefined || summary.outcome === outcome)
          .slice(0, limit),
      ),
    unfinished: () =>
      Promise.resolve(
        [...records.values()].filter(({ endedAt }) => endedAt === undefined).map(({ id }) => id),
      ),
    attempts: (vmId) => Promise.resolve(of(vmId)),
    readReport: (id) => Promise.resolve(reports.get(id)),
  };
}

/** What people asked of remediations. */
export interface MemoryControl extends ControlStore {
  readonly asked: Map<string, Cancellation>;
}
export function memoryControl(): MemoryControl {
  const asked = new Map<string, Cancellation>();
  const answers = new Map<string, Approval>();
  const firsts = new Map<string, Principal>();
  return {
    asked,
    cancel: (id, cancellation) => {
      if (asked.has(id)) return Promise.resolve(false);
      asked.set(id, cancellation);
      return Promise.resolve(true);
    },
    read: (id) => Promise.resolve(asked.get(id)),
    decide: (id, plan, answer) => {
      const counts = answers.get(id + plan) ?? answer;
      answers.set(id + plan, counts);
      return Promise.resolve(counts);
    },
    firstOfTwo: (id, plan, approver) => {
      const first = firsts.get(id + plan) ?? approver;
      firsts.set(id + plan, first);
      return Promise.resolve(first);
    },
  };
}

export interface MemoryIntake extends IntakeStore {
  /** Everything it was ever given, as text: what a search for secrets goes through. */
  readonly everything: () => string;
}
export function memoryIntake(now: () => number): MemoryIntake {
  const claims = new Set<string>();
  const turns = new Map<string, number[]>();
  const followers = new Map<string, Map<string, RequestSource>>();
  const answers = new Map<string, KeptAnswer>();
  const places = new Map<string, PlaceHolder[]>();
  const waiting = new Map<string, WaitingVm>();
  const failures = new Map<string, Problem>();
  const aside: AsideMessage[] = [];
  const placesOf = (subscription: string): PlaceHolder[] => {
    const found = places.get(subscription) ?? [];
    places.set(subscription, found);
    return found;
  };
  return {
    everything: () =>
      JSON.stringify([[...claims], [...answers], [...places], [...waiting], [...failures], aside]),
    claim: (kind, key) => {
      const fresh = !claims.has(`${kind}:${key}`);
      claims.add(`${kind}:${key}`);
      return Promise.resolve(fresh);
    },
    isClaimed: (kind, key) => Promise.resolve(claims.has(`${kind}:${key}`)),
    follow: (id, ticket) => {
      const known = followers.get(id) ?? new Map<string, RequestSource>();
      followers.set(id, known.set(JSON.stringify([ticket.name, ticket.id, ticket.replyTo]), ticket));
      return Promise.resolve();
    },
    followers: (id) => Promise.resolve([...(followers.get(id)?.values() ?? [])]),
    takeTurn: (key, most, seconds) => {
      const recent = (turns.get(key) ?? []).filter((at) => at > now() - seconds * 1000);
      if (recent.length >= most) return Promise.resolve(false);
      turns.set(key, [...recent, now()]);
      return Promise.resolve(true);
    },
    turnsTaken: (key, seconds) =>
      Promise.resolve((turns.get(key) ?? []).filter((at) => at > now() - seconds * 1000).length),
    release: (kind, key) => Promise.resolve(void claims.delete(`${kind}:${key}`)),
    readAnswer: (key) => Promise.resolve(answers.get(key)),
    keepAnswer: (key, answer) => {
      const kept = answers.get(key) ?? answer;
      answers.set(key, kept);
      return Promise.resolve(kept);
    },
    async takePlace(subscription, count, holder, isOver) {
      const held = placesOf(subscription);
      if (held.some(({ instanceId }) => instanceId === holder.instanceId)) return true;
      for (const [index, other] of held.entries()) {
        // Asked before it is looked at again: somebody else may have taken the place meanwhile.
        if (held.length >= count && (await isOver(other)) && held[index] === other) {
          held.splice(index, 1, holder);
          return true;
        }
      }
      if (held.length >= count) return false;
      held.push(holder);
      return true;
    },
    freePlace: (subscription, instanceId) => {
      const rest = placesOf(subscription).filter((holder) => holder.instanceId !== instanceId);
      places.set(subscription, rest);
      return Promise.resolve();
    },
    placeHolders: (subscription) => Promise.resolve([...placesOf(subscription)]),
    startWaiting: (mark) => {
      const before = waiting.get(mark.instanceId);
      waiting.set(mark.instanceId, mark);
      const stale = !before || now() - Date.parse(before.since) > WAITING_MARK_SECONDS * 1000;
      return Promise.resolve(stale);
    },
    stopWaiting: (instanceId) => Promise.resolve(void waiting.delete(instanceId)),
    listWaiting: () => Promise.resolve([...waiting.values()]),
    noteFailure: (id, problem) => Promise.resolve(void failures.set(id, problem)),
    readFailure: (id) => Promise.resolve(failures.get(id)),
    putAside: (message) => Promise.resolve(void aside.push(message)),
    readAside: (id) => Promise.resolve(aside.find((message) => message.id === id)),
    forgetAside: (id) => {
      const at = aside.findIndex((message) => message.id === id);
      if (at >= 0) aside.splice(at, 1);
      return Promise.resolve();
    },
    listAside: (limit = 100) => Promise.resolve(aside.slice(0, limit)),
  };
}

export interface MemoryQueue extends RequestQueue {
  readonly messages: { request: RemediationRequest; delaySeconds: number }[];
}
export function memoryQueue(): MemoryQueue {
  const messages: MemoryQueue['messages'] = [];
  return {
    messages,
    send: (request, delaySeconds) => Promise.resolve(void messages.push({ request, delaySeconds })),
  };
}
