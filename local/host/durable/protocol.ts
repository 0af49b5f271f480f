import * as z from 'zod';

/** `durable-functions`, lib/src/actions/ActionType: what an orchestrator asks its host to do. */
export const ActionType = {
  callActivity: 0,
  callActivityWithRetry: 1,
  callSubOrchestrator: 2,
  callSubOrchestratorWithRetry: 3,
  continueAsNew: 4,
  createTimer: 5,
  waitForExternalEvent: 6,
  whenAny: 11,
  whenAll: 12,
} as const;

/** Asked for by an app this host cannot serve. */
const OUT_OF_SCOPE: Record<number, string> = {
  7: 'callEntity',
  8: 'callHttp',
  9: 'signalEntity',
  10: 'signalEntity at a later time',
  13: 'lock',
  14: 'release of a lock',
};

const retryOptionsSchema = z.looseObject({
  firstRetryIntervalInMilliseconds: z.number().positive(),
  maxNumberOfAttempts: z.number(),
  backoffCoefficient: z.number().default(1),
  maxRetryIntervalInMilliseconds: z.number().default(Number.MAX_SAFE_INTEGER),
  // The client library does not know of it when it replays, so no host can honour it safely.
  retryTimeoutInMilliseconds: z
    .never('retryTimeoutInMilliseconds is not honoured: limit the number of attempts.')
    .optional(),
});
export type RetryOptions = z.infer<typeof retryOptionsSchema>;

const call = { functionName: z.string(), input: z.unknown().optional() };
const leafSchema = z.discriminatedUnion('actionType', [
  z.object({ actionType: z.literal(ActionType.callActivity), ...call }),
  z.object({
    actionType: z.literal(ActionType.callActivityWithRetry),
    ...call,
    retryOptions: retryOptionsSchema,
  }),
  z.object({
    actionType: z.literal(ActionType.callSubOrchestrator),
    ...call,
    instanceId: z.string().optional(),
    version: z.string().nullish(),
  }),
  z.object({
    actionType: z.literal(ActionType.callSubOrchestratorWithRetry),
    ...call,
    instanceId: z.string().optional(),
    version: z.string().nullish(),
    retryOptions: retryOptionsSchema,
  }),
  z.object({ actionType: z.literal(ActionType.createTimer), fireAt: z.string(), isCanceled: z.boolean() }),
  z.object({ actionType: z.literal(ActionType.waitForExternalEvent), externalEventName: z.string() }),
]);
export type LeafAction = z.infer<typeof leafSchema>;

interface CompoundAction {
  actionType: typeof ActionType.whenAny | typeof ActionType.whenAll;
  compoundActions: AwaitedAction[];
}
/** What the orchestrator yielded: it goes on once this is done. */
export type AwaitedAction = LeafAction | CompoundAction;

const continueAsNewSchema = z.object({
  actionType: z.literal(ActionType.continueAsNew),
  input: z.unknown().optional(),
});
export type Action = AwaitedAction | z.infer<typeof continueAsNewSchema>;

const awaitedSchema: z.ZodType<AwaitedAction> = z.lazy(() =>
  z.union([
    leafSchema,
    z.object({
      actionType: z.union([z.literal(ActionType.whenAny), z.literal(ActionType.whenAll)]),
      compoundActions: z.array(awaitedSchema),
    }),
  ]),
);

/** Of any kind; which one it is, and whether it is served, comes after. */
const rawActionSchema = z.looseObject({ actionType: z.number() });

const answerSchema = z.object({
  isDone: z.boolean(),
  actions: z.tuple([z.array(rawActionSchema)]),
  output: z.unknown().optional(),
  error: z.string().optional(),
  customStatus: z.unknown().optional(),
  schemaVersion: z.number(),
});

/** One turn's answer of the orchestrator: everything it asked for since it began, not only what is new. */
export interface Answer {
  isDone: boolean;
  /** Missing when the orchestrator could not be asked at all. */
  actions?: Action[];
  output: unknown;
  /** The message of what the orchestrator threw. */
  error?: string;
  customStatus: unknown;
}

function parseAction(raw: { actionType: number }): Action {
  const unsupported = OUT_OF_SCOPE[raw.actionType];
  if (unsupported !== undefined)
    throw new Error(`The embedded host does not serve ${unsupported} (see local/host/README.md).`);
  const schema: z.ZodType<Action> =
    raw.actionType === ActionType.continueAsNew ? continueAsNewSchema : awaitedSchema;
  const { data, error } = schema.safeParse(raw);
  if (error) throw new Error(`The host cannot act on ${JSON.stringify(raw)}: ${z.prettifyError(error)}`);
  return data;
}

/**
 * Reads what an orchestrator gave back, replay schema V2 or V3 (`OutOfProcOrchestrationShim` of the extension).
 * @throws Error for an answer this host cannot act upon
 */
export function parseAnswer(json: string): Answer {
  const { actions, error, ...rest } = answerSchema.parse(JSON.parse(json));
  return {
    isDone: rest.isDone,
    actions: actions[0].map(parseAction),
    output: rest.output,
    customStatus: rest.customStatus,
    ...(error !== undefined && { error }),
  };
}

/**
 * Reads the actions of one orchestrator again and again: what it asked for long ago is read twice only where a timer in it has been
 * cancelled since. Of one that has its result, what it was given is not kept: a record weighs more than all else that is known of an
 * execution.
 */
export function createActionReader(): (actions: readonly unknown[]) => Action[] {
  const known: Action[] = [];
  const cancelled: number[] = [];
  return (actions) => {
    const settled = actions.length - 2;
    for (const [index, action] of actions.entries()) {
      const timers = cancelledTimersIn(action);
      if (known[index] && index < settled && timers === cancelled[index]) continue;
      known[index] = parseAction(rawActionSchema.parse(JSON.parse(JSON.stringify(action))));
      cancelled[index] = timers;
    }
    const answer = [...known];
    for (const [index, action] of known.entries())
      if (index < settled && 'input' in action && action.input !== undefined)
        known[index] = { ...action, input: undefined };
    return answer;
  };
}

function cancelledTimersIn(action: unknown): number {
  if (typeof action !== 'object' || action === null) return 0;
  if ('compoundActions' in action && Array.isArray(action.compoundActions))
    return action.compoundActions.reduce<number>((sum, one) => sum + cancelledTimersIn(one), 0);
  return 'isCanceled' in action && action.isCanceled === true ? 1 : 0;
}

const FAILURE_LABEL = '\n\n$OutOfProcData$:';

/**
 * An orchestrator that throws hands over its answer at the end of the error's message
 * (`durable-functions`, lib/src/error/OrchestrationFailureError); undefined for any other error.
 */
export function parseFailure(message: string): Answer | undefined {
  const at = message.indexOf(FAILURE_LABEL);
  return at < 0 ? undefined : parseAnswer(message.slice(at + FAILURE_LABEL.length));
}

/** The single tasks of an action, in the order in which they are given their numbers. */
export function leavesOf(action: Action): LeafAction[] {
  if ('compoundActions' in action) return action.compoundActions.flatMap(leavesOf);
  return action.actionType === ActionType.continueAsNew ? [] : [action];
}
