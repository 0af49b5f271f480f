import type { Mutant } from './mutant.ts';

const FOLDER = 'functions/triggers/page';
const SESSION = 'test/functions/triggers/page/session.test.ts';
const OVERVIEW = 'test/functions/triggers/overview.test.ts';

export const PAGE: readonly Mutant[] = [
  {
    what: 'the page lets in whoever comes',
    file: `${FOLDER}/door.ts`,
    from: `if (deps.auth === 'key' && !sessionIn(request, deps)) return undefined;`,
    to: '',
    killedBy: { file: 'test/functions/triggers/hosted/keys.test.ts', test: 'is 401 without key' },
  },
  {
    what: 'another site has a browser cancel or approve',
    file: `${FOLDER}/door.ts`,
    from: `request.headers.get(PAGE_HEADER) === '1' && site === 'same-origin'`,
    to: `site === 'same-origin'`,
    killedBy: { file: SESSION, test: 'it lacks the header' },
  },
  {
    what: 'anybody makes himself a session',
    file: `${FOLDER}/session.ts`,
    from: 'isSame(signature, signatureOf(secret, until, text)) && until > now',
    to: 'isSame(signature, signature) && secret !== text && until > now',
    killedBy: { file: SESSION, test: 'with another signature is none' },
  },
  {
    what: 'a session that was left open stays open',
    file: `${FOLDER}/session.ts`,
    from: 'text)) && until > now &&',
    to: 'text)) &&',
    killedBy: { file: SESSION, test: 'ends after an hour' },
  },
  {
    what: 'a session is renewed for ever',
    file: `${FOLDER}/door.ts`,
    from: 'sessionCookie(deps.sessionSecret, now, session.since)',
    to: 'sessionCookie(deps.sessionSecret, now)',
    killedBy: { file: SESSION, test: 'for a shift at the most' },
  },
  {
    what: 'a forged message is believed once it is put back on the queue',
    file: 'functions/triggers/queue.ts',
    from: 'request.ok ? await believed(request.value, messageId, deps.intake) : undefined',
    to: 'request.ok ? request.value : undefined',
    killedBy: { file: OVERVIEW, test: 'believes no poison message' },
  },
  {
    what: 'anybody puts messages back on the queue',
    file: 'functions/triggers/routes.ts',
    from: "POST: only(['Operate'], postRequeue",
    to: 'POST: only(ROLES, postRequeue',
    killedBy: { file: OVERVIEW, test: 'takes a message back, once, from an operator' },
  },
  {
    what: 'evidence of one name is told for another',
    file: 'functions/triggers/get-evidence.ts',
    from: `url.split('/').at(-1) === encodeURIComponent(name)`,
    to: `url.includes('/') && name !== ''`,
    killedBy: { file: OVERVIEW, test: 'is only what the record names' },
  },
];
