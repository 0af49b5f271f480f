const FOLDER = 'functions/triggers';

const ALWAYS_A_VM = 'the id was read by `parseVmId` before, so that it always has a value';
const ALWAYS_DECIDED = 'a rule that refuses or lets wait is always named with its reason';
const NO_VALUE = 'a field without a value is as good as none';
const ONLY_TOLD = 'only what is told of it';
const WHO_IS_TOLD = 'who called it off is only told: the word itself counts';
const CAUGHT = 'an error: nobody is let in';
const STRICTER = 'more is asked for than has to be';
const MARK = 'the mark of who waits: no start hangs on it, and it is forgotten by itself';
const ENGINE =
  'the engine takes no second start of an instance that goes on, and whoever asked for it joins (decision 3)';
const NO_ID = 'the host hands on no address without an id, and text is none';

type Row = readonly [why: string, from: string, to: string];

const ROWS: Record<string, readonly Row[]> = {
  admit: [
    [ALWAYS_DECIDED, `''`, `"Stryker was here!"`],
    [ALWAYS_DECIDED, `'PolicyRefused'`, `""`],
    [ALWAYS_DECIDED, 'decidedBy?.reason', 'decidedBy.reason'],
    [ALWAYS_DECIDED, 'decision.decidedBy?.rule', 'decision.decidedBy.rule'],
    [
      'attempts would count as looks besides: their limit is reached sooner',
      'earlier.filter(onlyLooked)',
      'earlier',
    ],
    [
      'the engine would be asked also while there are free places',
      'others.length < deps.policy.limits.concurrentPerSubscription',
      'false',
    ],
    [NO_VALUE, 'retryAfterSeconds === undefined', 'false'],
    [NO_VALUE, 'rule === undefined', 'false'],
  ],
  'admit-rollback': [[ONLY_TOLD, `'; '`, `""`]],
  authentication: [
    ['a caller without object id is nobody, whatever the name', `''`, `"Stryker was here!"`],
    [ONLY_TOLD, `(one('name') ?? one('oid') ?? '').slice(0, 256)`, `one('name') ?? one('oid') ?? ''`],
    ['text is no role', '[]', '["Stryker was here"]'],
    [CAUGHT, 'approverSecret !== undefined', 'true'],
    [CAUGHT, 'header === null', 'false'],
    [
      CAUGHT,
      'headerSchema.safeParse(principal).data?.claims',
      'headerSchema.safeParse(principal).data.claims',
    ],
    [CAUGHT, 'tenant?.toLowerCase', 'tenant.toLowerCase'],
    ['the same: nobody', '{ return undefined; }', '{}'],
  ],
  door: [
    [ONLY_TOLD, `' or '`, `""`],
    ['only whether a session that holds is renewed', `access === 'page'`, 'true'],
  ],
  'page/door': [
    [STRICTER, `'HEAD'`, `""`],
    [STRICTER, `request.method === 'HEAD'`, 'false'],
    ['only whether a session that holds is renewed', `deps.auth === 'key'`, 'true'],
    ['without a secret there is no session', 'deps.sessionSecret === undefined', 'false'],
    [CAUGHT, 'sessionSecret === undefined', 'false'],
  ],
  places: [
    [ALWAYS_A_VM, `''`, `"Stryker was here!"`],
    [
      'the two differ in one millisecond of fifteen seconds',
      'now - holder.takenAt > START_GRACE_MS',
      'now - holder.takenAt >= START_GRACE_MS',
    ],
    [ALWAYS_A_VM, 'parseVmId(vmId)?.subscriptionId', 'parseVmId(vmId).subscriptionId'],
  ],
  'post-approval': [
    ['what could not be read is no answer either', '!body.ok', 'false'],
    [ONLY_TOLD, `' and '`, `""`],
    [NO_ID, `''`, `"Stryker was here!"`],
    [ONLY_TOLD, 'name === oid', 'false'],
    ['an error where there is no record: nothing is approved', 'record?.phase', 'record.phase'],
    [ONLY_TOLD, '{ id, approved: answer.approved }', '{}'],
    [ONLY_TOLD, '{ location: remediationAddress(request, id) }', '{}'],
  ],
  'post-cancel': [
    ['what could not be read is no word either', '!body.ok', 'false'],
    [NO_ID, `''`, `"Stryker was here!"`],
    [ONLY_TOLD, `'cancelling'`, `""`],
    [WHO_IS_TOLD, 'by !== undefined && { by }', 'by !== undefined || { by }'],
    [WHO_IS_TOLD, 'by !== undefined && { by }', 'false'],
    [WHO_IS_TOLD, 'by !== undefined && { by }', 'true'],
    [WHO_IS_TOLD, 'by !== undefined', 'by === undefined'],
    [WHO_IS_TOLD, 'by !== undefined', 'true'],
    [WHO_IS_TOLD, 'caller.principal?.name ?? asked.data.by', 'caller.principal?.name && asked.data.by'],
    [WHO_IS_TOLD, '{ by }', '{}'],
    [ONLY_TOLD, `{ id, status: 'cancelling' }`, '{}'],
  ],
  start: [
    ['only whether it came from the queue is asked for', `'direct'`, `""`],
    [MARK, `'queue'`, `""`],
    [MARK, `via === 'queue'`, 'false'],
    [MARK, `via === 'queue'`, 'true'],
    [MARK, `via === 'queue'`, `via !== 'queue'`],
    ['only what is traced', `'remediationId'`, `""`],
    ['only what is traced', `'remediationId' in answer`, 'false'],
    ['only what is traced', `'remediationId' in answer`, 'true'],
    ['only what is traced', '{ ...request.source, result: answer.status }', '{}'],
    ['a ticket whose VM waits already would get no comment of its own', `'ticket'`, `""`],
    [
      'a ticket whose VM waits already would get no comment of its own',
      `request.source.kind === 'ticket'`,
      'false',
    ],
    ['names and ids of tickets are no others’', 'a.kind === b.kind', 'true'],
    [ENGINE, 'active', 'false'],
    [
      ENGINE,
      `{ if (via === 'queue') await deps.intake.stopWaiting(instanceId); return join(deps, active, request); }`,
      '{}',
    ],
    [
      'who waits, waits for a turn or for a place: neither can be taken then',
      `admission.status === 'admitted'`,
      'true',
    ],
    ['only the reason for which it waits', `admission.status === 'wait'`, 'true'],
    ['it waits in the queue, and joins from there', 'meanwhile', 'false'],
    [
      'what goes on is then the very input that was given back',
      'running.remediationId !== input.remediationId',
      'true',
    ],
    ['who is told of it', `source.kind === 'ticket'`, 'true'],
  ],
};

/** Of the group `triggers`: surviving mutants of guards that harm nothing. */
export const REVIEWED_TRIGGERS = Object.entries(ROWS).flatMap(([name, rows]) =>
  rows.map(([why, from, to]) => ({ file: `${FOLDER}/${name}.ts`, from, to, why })),
);
