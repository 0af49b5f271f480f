import type { IncomingHttpHeaders } from 'node:http';
import { isOfOperation, type FaultableRequest, type FaultEffect } from '../faults/fault.ts';
import type { FaultList } from '../faults/fault-list.ts';
import { requireApiVersion } from './access/api-version.ts';
import { refuseDenied } from './access/deny-assignments.ts';
import { sleep } from '../clock/sleep.ts';
import type { Principal } from './access/identity.ts';
import { refuseLocked } from './access/locks.ts';
import { modifyTags, refuseByPolicy } from './access/policy.ts';
import type { ComputeLimiter } from './access/compute-limits.ts';
import type { RateLimiter } from './access/rate-limit.ts';
import type { Activity } from './activity/activity-log.ts';
import type { Context } from './context.ts';
import { ArmError } from './errors.ts';
import type { ArmAnswer, ArmRequest, Method } from './http.ts';
import { asyncHeaders } from './operation-answers.ts';
import type { Operation } from './operations.ts';
import { paginate } from './paging.ts';
import type { LoggedRequest, RequestLog } from './request-log.ts';
import type { Route } from './route.ts';
import { router } from './router.ts';
import { at, toJson, toJsonObject, type JsonValue } from './store/json.ts';
import { isWithin, nameOf, sameId } from './store/resource-id.ts';
import { allResources } from './store/store.ts';

/** A request, from the wire or from somebody inside the lab. */
export interface Incoming {
  method: Method;
  /** Path and query. */
  url: string;
  headers: IncomingHttpHeaders;
  /** @throws ArmError 400 for what is no JSON */
  body(): Promise<JsonValue>;
  /** @throws ArmError 401 */
  authenticate(): Principal;
  /** Lets lab time pass while something is waited for. */
  pause: (wait: () => Promise<void>) => Promise<void>;
  /** Whether the caller has given up waiting. */
  hasHungUp(): boolean;
}

/** Whoever acts when the service calls (`lab/actors`). */
export interface Bystanders {
  /** Lets them act before a call is looked at; `undefined` when nobody wants to. */
  before(call: FaultableRequest): (() => Promise<void>) | undefined;
  /** A call was granted. */
  after(call: FaultableRequest, operation: Operation | undefined): void;
}

export interface PipelineParts {
  context: Context;
  service: Principal;
  rateLimiter: RateLimiter | undefined;
  computeLimiter: ComputeLimiter | undefined;
  faults: FaultList;
  bystanders: Bystanders;
  log: RequestLog;
}

/** @param headers of the answer; those of limits and operations are added */
export type Pipeline = (
  incoming: Incoming,
  headers: Record<string, string>,
  origin: string,
) => Promise<ArmAnswer | Unanswered>;

/** What a caller gets instead of an answer: a broken connection, a part of the answer, or nothing for as long as it waits. */
export type Unanswered = 'cut' | 'hang' | { cutOff: ArmAnswer };

/**
 * The steps that every request goes through, in this order. Faults, bystanders and the role are about the service alone:
 * everybody else owns the subscription, and is bound by locks, limits and rules like all.
 */
export function createPipeline(parts: PipelineParts): Pipeline {
  const { context, service, rateLimiter, computeLimiter, faults, bystanders, log } = parts;
  const { roles } = context;
  const route = router();

  return async (incoming, headers, origin) => {
    const caller = whoIs(incoming);
    const isService = caller instanceof ArmError || caller.objectId === service.objectId;
    const call = log.begin(incoming.method, incoming.url, isService);
    let effect: FaultEffect | undefined;
    let activity: Activity | undefined;
    try {
      if (caller instanceof ArmError) throw caller;
      const found = route(call.method, call.path);
      call.action = found.route.action;
      const apiVersion = requireApiVersion(call.path, call.query, context.catalogue.location);
      const body = await incoming.body();
      const interlude = isService ? bystanders.before(call) : undefined;
      if (interlude) await incoming.pause(interlude);
      // Others may act for minutes before it is looked at: Azure would not begin then what its caller gave up a while ago.
      if (interlude && incoming.hasHungUp()) return 'cut';
      activity = changes(call) ? context.activity.begin(toChange(call, found.target), caller) : undefined;
      const request: ArmRequest = {
        ...call,
        ...found,
        headers: incoming.headers,
        body,
        principal: caller,
        apiVersion,
        origin,
      };
      if (isService) {
        if (!found.route.open) {
          roles.authorize(
            caller,
            {
              action: call.action,
              scope: found.route.scope?.(request) ?? found.target,
              ...(found.route.anywhere && { anywhere: true }),
            },
            () => found.route.linked?.(request, context) ?? [],
          );
        }
        refuseDenied(
          context.denyAssignments,
          caller,
          { action: call.action, scope: found.target },
          context.denyAssignments.length === 0 ? [] : (found.route.linked?.(request, context) ?? []),
        );
        effect = faults.next(call);
        if (effect?.kind === 'reset') {
          if (activity) context.activity.forget(activity);
          return 'cut';
        }
        if (effect?.kind === 'hang') {
          if (activity) context.activity.forget(activity);
          await incoming.pause(() => sleep(context.clock, GIVEN_UP_AFTER_MS));
          return 'hang';
        }
        if (effect?.kind === 'answer') {
          found.route.refused?.(request, context);
          throw injected(effect);
        }
        if (isOfOperation(effect)) request.fault = effect;
      }
      Object.assign(headers, rateLimiter?.take(call.method, found.params['subscriptionId'] ?? '', caller));
      computeLimiter?.take(call.method, call.path);
      refuseLocked(context.store, call.method, call.path, found.target);
      requireFewTags(request.body);
      request.body = withPolicies(context, request, call.action);
      const result = paginate(request, await handled(found.route, request, context));
      const { status, operation } = result;
      Object.assign(headers, ofProvider(call.path));
      if (operation) Object.assign(headers, asyncHeaders(operation, origin));
      call.status = status;
      if (activity) context.activity.answered(activity, { status, ...(operation && { operation }) });
      if (isService) bystanders.after(call, operation);
      if (effect?.kind === 'lose-answer') return 'cut';
      if (effect?.kind === 'cut-off') return { cutOff: result };
      return context.behaviour.groupsInCapitals ? { ...result, body: inCapitals(result.body) } : result;
    } catch (cause) {
      const error = cause instanceof ArmError ? cause : defect(cause);
      call.status = error.status;
      call.errorCode = error.code;
      if (activity) context.activity.answered(activity, { status: error.status, errorCode: error.code });
      return effect?.kind === 'lose-answer'
        ? 'cut'
        : { status: error.status, body: error.toBody(), headers: error.extras.headers ?? {} };
    } finally {
      log.end(call);
    }
  };
}

async function handled(route: Route, request: ArmRequest, context: Context): Promise<ArmAnswer> {
  try {
    return await route.handle(request, context);
  } catch (cause) {
    route.refused?.(request, context);
    throw cause;
  }
}

/** Compute counts beside ARM, and says what it has left (azure-cli#15765, azure-powershell#11464): here it is never used up. */
function ofProvider(path: string): Record<string, string> {
  if (!/\/providers\/Microsoft\.Compute\//i.test(path)) return {};
  const policy = /\/(disk)?operations\//i.test(path) ? 'GetOperation3Min;11985' : 'LowCostGet3Min;3999';
  return { 'x-ms-ratelimit-remaining-resource': `Microsoft.Compute/${policy}` };
}

function whoIs(incoming: Incoming): Principal | ArmError {
  try {
    return incoming.authenticate();
  } catch (cause) {
    return cause instanceof ArmError ? cause : defect(cause);
  }
}

/** Some questions are asked by POST. */
function changes({ method, action }: LoggedRequest): boolean {
  return method !== 'GET' && method !== 'HEAD' && !action.endsWith('/read');
}

/** The change as the activity log names it: a lock or an assignment by its own id, not by its scope. */
function toChange(
  { method, action, path }: LoggedRequest,
  target: string,
): Pick<Activity, 'method' | 'action' | 'resource'> {
  const isScoped = /\/providers\/Microsoft\.Authorization\/[^/]+\/[^/]+$/i.test(path);
  return { method, action, resource: isScoped ? path : target };
}

/** First what *modify* adds, then what *deny* thinks of it (learn.microsoft.com, governance/policy/concepts/effect-basics). */
function withPolicies(
  { policies, denials, store }: Context,
  { body, target }: ArmRequest,
  action: string,
): JsonValue {
  const inForce = [...policies.values()].filter(({ scope }) => isWithin(target, scope));
  if (inForce.length === 0 && denials.length === 0) return body;
  const current = allResources(store).find(({ id }) => sameId(id, target));
  const modified = modifyTags(inForce, action, body, current?.tags);
  refuseByPolicy(
    denials,
    { action, target, body: modified },
    current && { tags: current.tags, body: toJson({ ...current, content: null }) },
  );
  return modified;
}

/** The most a resource may bear (learn.microsoft.com, azure-resource-manager/management/tag-resources, limitations). Code and text are our own. */
const MOST_TAGS = 50;

function requireFewTags(body: JsonValue): void {
  const count = Object.keys(toJsonObject(at(body, 'tags'))).length;
  if (count > MOST_TAGS)
    throw new ArmError(
      400,
      'InvalidTagCount',
      `A resource may have ${String(MOST_TAGS)} tags, and ${String(count)} were given.`,
    );
}

function injected({ status, code, message, retryAfter }: Extract<FaultEffect, { kind: 'answer' }>): ArmError {
  const headers: Record<string, string> =
    retryAfter === undefined ? {} : { 'Retry-After': String(retryAfter) };
  return new ArmError(
    status,
    code ?? (status === 429 ? 'TooManyRequests' : 'InternalServerError'),
    message ?? 'Fault injected by the lab.',
    { headers },
  );
}

/** What passes in the lab while a caller waits for an answer that does not come, in milliseconds: about as long as clients wait. */
const GIVEN_UP_AFTER_MS = 60_000;

/** The same answer, with the groups in its ids in capitals. */
function inCapitals(body: JsonValue): JsonValue {
  if (typeof body === 'string')
    return body.replace(
      /\/resourceGroups\/[^/]+/i,
      (group) => `/resourceGroups/${nameOf(group).toUpperCase()}`,
    );
  if (Array.isArray(body)) return body.map(inCapitals);
  if (typeof body !== 'object' || body === null) return body;
  return Object.fromEntries(Object.entries(body).map(([name, value]) => [name, inCapitals(value)]));
}

/** A defect of the lab itself: shown with its stack, so that it is found. */
function defect(cause: unknown): ArmError {
  return new ArmError(
    500,
    'LabDefect',
    cause instanceof Error ? (cause.stack ?? cause.message) : String(cause),
  );
}
