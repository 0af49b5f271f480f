const FOLDER = 'shared/azure';

const ALWAYS_SHOWN = 'in place of what Azure always shows';
const OF_TEXT_NOTHING =
  'in place of a list: what stands in it then is text, which has nothing of what is looked for';
const SAME_ADDRESS = 'another spelling of the same address';
const ONLY_WORDS = 'only the sentence that tells of it';
const BEGINS_SO = 'every id that comes here begins so, as the id of the VM does from which it is made';
const OF_RULES = 'noticed by the tests of security rules, which are not of this group';
const ONE_CLIENT = 'the scope is in the address of the call: the subscription only chooses the clients';
const NULLISH = `"Stryker was here!"`;
const LISTED = '["Stryker was here"]';

type Row = readonly [why: string, from: string, to: string];

const PERMITS = `permissions.some( ({ actions = [], notActions = [] }) => actions.some((one) => matchesWildcard(one, action)) && !notActions.some((one) => matchesWildcard(one, action)), )`;

const ROWS: Record<string, readonly Row[]> = {
  'auto-shutdown': [
    ['neither a time, nor a zone, nor a VM, just as nothing is', `''`, NULLISH],
    ['a time that cannot be read has neither hours nor minutes', '[]', LISTED],
    ...(
      [
        ['hours === undefined', 'false'],
        ['hours === undefined || minutes === undefined', 'hours === undefined && minutes === undefined'],
        ['minutes === undefined', 'false'],
      ] as const
    ).map(([from, to]): Row => ['the expression finds both or neither', from, to]),
  ],
  'canceled-operations': [
    ['an answer without text tells of no operation', `''`, NULLISH],
    ['the name of the policy, which nothing asks for', `'keepsReasons'`, `""`],
    ['the same: nothing was read', '{ return undefined; }', '{}'],
  ],
  operation: [
    ['no state in which something has not ended', `''`, NULLISH],
    [ONLY_WORDS, `'it'`, `""`],
    ['there is no third provider', `'Internal'`, `""`],
    [
      'there is no third provider',
      "default: throw new MedicError('Internal', `unknown provider ${String(provider)}`);",
      'default:',
    ],
    [OF_RULES, `'network'`, `""`],
    [
      OF_RULES,
      "case 'network': return sdk.network.restorePoller(network, state, network.securityRules.createOrUpdate);",
      "case 'network':",
    ],
    ['asked again after ten seconds, whatever Azure says', `'retry-after'`, `""`],
    [
      'asked again after ten seconds, whatever Azure says',
      "retryAfter(headers.get('retry-after')) ?? DEFAULT_POLL_SECONDS",
      "retryAfter(headers.get('retry-after')) && DEFAULT_POLL_SECONDS",
    ],
    ['a resource that is none has no state either', 'resource?.name', 'resource.name'],
    ['a field without a value is as good as none', 'usual === undefined', 'false'],
  ],
  principal: [
    [
      'either is caught: the token tells nothing',
      "claims.safeParse(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'))).data?.oid",
      "claims.safeParse(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'))).data.oid",
    ],
    ['either is caught: the token tells nothing', 'payload === undefined', 'false'],
    ['either is caught: the token tells nothing', '{ return undefined; }', '{}'],
  ],
  'deny-assignments': [
    [ONE_CLIENT, `''`, NULLISH],
    [ONE_CLIENT, String.raw`/^\/subscriptions\/([^/]+)/i`, String.raw`/\/subscriptions\/([^/]+)/i`],
    [ONE_CLIENT, String.raw`/^\/subscriptions\/([^/]+)/i`, String.raw`/^\/subscriptions\/([/]+)/i`],
    [ONE_CLIENT, String.raw`/^\/subscriptions\/([^/]+)/i`, String.raw`/^\/subscriptions\/([^/])/i`],
    [
      BEGINS_SO,
      String.raw`/^\/subscriptions\/([^/]+)/i.exec(scope)?.[1]`,
      String.raw`/^\/subscriptions\/([^/]+)/i.exec(scope)[1]`,
    ],
    [
      ONE_CLIENT,
      String.raw`/^\/subscriptions\/([^/]+)/i.exec(scope)?.[1] ?? ''`,
      String.raw`/^\/subscriptions\/([^/]+)/i.exec(scope)?.[1] && ''`,
    ],
    [OF_TEXT_NOTHING, '[]', LISTED],
    [ONLY_WORDS, `'unnamed'`, `""`],
    [ONLY_WORDS, 'denyAssignmentName ?? name', 'denyAssignmentName && name'],
    [
      'a refusal to be read would end the remediation before anything is done, rather than be told',
      `'AzureRefused'`,
      `""`,
    ],
    [
      'a refusal to be read would end the remediation before anything is done, rather than be told',
      `error.code === 'AzureRefused'`,
      'false',
    ],
    ['where there are none, the identity would be asked for in vain', 'found.length === 0', 'false'],
    ['an error before anything is done, of an assignment without ids', 'id !== undefined', 'true'],
    [
      'an error before anything is done, where the token does not tell whose it is',
      'self?.toLowerCase',
      'self.toLowerCase',
    ],
    [
      'Azure shows one permission in each assignment',
      PERMITS,
      PERMITS.replace('permissions.some( (', 'permissions.every((')
        .replaceAll('(one) =>', 'one =>')
        .replace(', )', ')'),
    ],
    [SAME_ADDRESS, 'scope.slice(1)', 'scope'],
  ],
  locks: [
    [ALWAYS_SHOWN, `''`, NULLISH],
    [
      BEGINS_SO,
      String.raw`/^(\/subscriptions\/[^/]+)(\/resourcegroups\/[^/]+)/i`,
      String.raw`/(\/subscriptions\/[^/]+)(\/resourcegroups\/[^/]+)/i`,
    ],
    [OF_TEXT_NOTHING, '[]', LISTED],
    [ALWAYS_SHOWN, 'lock.id?.split', 'lock.id.split'],
    [SAME_ADDRESS, 'scope.slice(1)', 'scope'],
    ['a scope would be asked for twice: the same locks', 'scope.toLowerCase()', 'scope.toUpperCase()'],
    ['a scope would be asked for twice: the same locks', 'seen.has(scope.toLowerCase())', 'false'],
  ],
  losses: [[OF_TEXT_NOTHING, '[]', LISTED]],
  'owners-word': [
    [ALWAYS_SHOWN, `''`, NULLISH],
    [ONLY_WORDS, `'somebody'`, `""`],
    [ALWAYS_SHOWN, 'eventTimestamp?.toISOString', 'eventTimestamp.toISOString'],
    [ONLY_WORDS, 'eventTimestamp?.toISOString() ?? since', 'eventTimestamp?.toISOString() && since'],
    [ALWAYS_SHOWN, 'operationName?.value', 'operationName.value'],
    [ALWAYS_SHOWN, 'status?.value', 'status.value'],
    ['the id was read as that of a VM two lines before', 'parseVmId(vmId)?.id', 'parseVmId(vmId).id'],
    ['the same id, in the case it came in', 'parseVmId(vmId)?.id ?? vmId', 'parseVmId(vmId)?.id && vmId'],
    ['of no time neither log nor schedule says anything', 'since === null', 'false'],
    ['either is nothing that was said', '{ return null; }', '{}'],
    [
      'all fields of an event, rather than those that are looked at',
      `{ select: 'operationName,status,caller,eventTimestamp', }`,
      '{}',
    ],
  ],
  'rebuild-rights': [[OF_TEXT_NOTHING, '[]', LISTED]],
};

/** Of the groups `azure` and `calls`: surviving mutants of guards that harm nothing. */
export const REVIEWED_AZURE = Object.entries(ROWS).flatMap(([name, rows]) =>
  rows.map(([why, from, to]) => ({ file: `${FOLDER}/${name}.ts`, from, to, why })),
);
