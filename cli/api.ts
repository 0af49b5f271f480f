import type * as z from 'zod';
import {
  acceptedAnswerSchema,
  approvalAnswerSchema,
  cancelAnswerSchema,
  explainAnswerSchema,
  healthAnswerSchema,
  listAnswerSchema,
  problemAnswerSchema,
  remediationAnswerSchema,
  type AcceptedAnswer,
  type ExplainAnswer,
  type HealthAnswer,
  type ListAnswer,
  type ProblemAnswer,
} from '../shared/model/answers.ts';
import { remediationRecordSchema, type RemediationRecord } from '../shared/model/record.ts';
import { CommandError } from './command-error.ts';
import type { Ending } from './exit-codes.ts';
import type { Ask, Service } from './service/service.ts';

const LIST = '/api/remediations';

export interface ListQuery {
  vm?: string | undefined;
  outcome?: string | undefined;
  limit?: number | undefined;
}

/** A request for a repair as the service takes it (`POST /api/remediations`). */
export interface RepairRequest {
  vmId: string;
  mode: string | undefined;
  options: Readonly<Record<string, unknown>>;
}

/** The service's addresses, each answer read by the schema that it is described by. All throw CommandError for a problem. */
export const api = {
  async list(service: Service, query: ListQuery = {}): Promise<ListAnswer> {
    return read(service, { method: 'GET', path: LIST + queryOf({ ...query }) }, listAnswerSchema);
  },

  /** The record; `undefined` while its first step has not written it yet. */
  async record(service: Service, id: string): Promise<RemediationRecord | undefined> {
    const answer = await read(service, { method: 'GET', path: `${LIST}/${id}` }, remediationAnswerSchema);
    return answer.phase === 'starting' ? undefined : remediationRecordSchema.parse(answer);
  },

  async report(service: Service, id: string): Promise<string> {
    const answer = await service.ask({ method: 'GET', path: `${LIST}/${id}/report` });
    if (!answer.ok) throw await problemOf(answer);
    return answer.text();
  },

  repair(
    service: Service,
    request: RepairRequest,
    ask: Pick<Ask, 'role' | 'headers'>,
  ): Promise<AcceptedAnswer> {
    return read(service, { method: 'POST', path: LIST, body: request, ...ask }, acceptedAnswerSchema);
  },

  approve(service: Service, id: string, body: { approved: boolean; plan: string }) {
    const path = `${LIST}/${id}/approval`;
    return read(service, { method: 'POST', path, body, role: 'Approve' }, approvalAnswerSchema);
  },

  cancel(service: Service, id: string, body: { by?: string | undefined; leaveStopped: boolean }) {
    return read(service, { method: 'POST', path: `${LIST}/${id}/cancel`, body }, cancelAnswerSchema);
  },

  rollback(service: Service, id: string, body: { acceptLoss: string; by?: string | undefined }) {
    const path = `${LIST}/${id}/rollback`;
    return read(service, { method: 'POST', path, body, role: 'Operate' }, acceptedAnswerSchema);
  },

  explain(
    service: Service,
    query: { vm: string; mode?: string | undefined; source?: string | undefined },
  ): Promise<ExplainAnswer> {
    return read(
      service,
      { method: 'GET', path: `/api/policy/explain${queryOf(query)}` },
      explainAnswerSchema,
    );
  },

  /** Answered to anybody, also while every door is closed. */
  async health(service: Service): Promise<HealthAnswer> {
    const answer = await service.ask({ method: 'GET', path: '/api/health' });
    return parse(await bodyOf(answer), healthAnswerSchema, answer);
  },
};

/** `?vm=…&limit=…`, of what is given; nothing where nothing is. */
function queryOf(given: Readonly<Record<string, string | number | undefined>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(given)) if (value !== undefined) query.set(name, String(value));
  return query.size === 0 ? '' : `?${query.toString()}`;
}

async function read<S extends z.ZodType>(service: Service, ask: Ask, schema: S): Promise<z.output<S>> {
  const answer = await service.ask(ask);
  if (!answer.ok) throw await problemOf(answer);
  return parse(await bodyOf(answer), schema, answer);
}

function parse<S extends z.ZodType>(body: unknown, schema: S, { url, status }: Response): z.output<S> {
  const read = schema.safeParse(body);
  if (read.success) return read.data;
  throw new CommandError(
    'unreachable',
    `${new URL(url).origin} answered HTTP ${status}, but not with an RDP Medic response.`,
    'Check the address, and make sure the command line and the app are the same version.',
  );
}

async function bodyOf(answer: Response): Promise<unknown> {
  try {
    return await answer.json();
  } catch {
    return undefined;
  }
}

/** What the policy or the preflight has refused, and what keeps the caller out; everything else is an error like any. */
const ENDINGS: Readonly<Partial<Record<string, Ending>>> = {
  AuthenticationMissing: 'unreachable',
  RoleMissing: 'unreachable',
  DoorsClosed: 'unreachable',
  RequestInvalid: 'usage',
};
const REFUSALS: ReadonlySet<number> = new Set([403, 409, 422, 429]);

async function problemOf(answer: Response): Promise<CommandError> {
  const { status } = answer;
  const read = problemAnswerSchema.safeParse(await bodyOf(answer));
  if (read.success) return refusalOf(read.data);
  if (status === 401 || status === 403)
    return new CommandError(
      'unreachable',
      `The service rejected your credentials (HTTP ${status}).`,
      'Check RDP_MEDIC_KEY, or sign in with az login.',
    );
  return new CommandError('unreachable', `The service returned HTTP ${status}.`, 'Check the address.');
}

function refusalOf({ code, status, detail, next, rule }: ProblemAnswer): CommandError {
  const ending = ENDINGS[code] ?? (rule !== undefined || REFUSALS.has(status) ? 'refused' : 'failed');
  const by = rule === undefined ? '' : ` (rule ${rule})`;
  return new CommandError(ending, `${code}: ${detail}${by}`, next);
}
