import type { Mutant } from './mutant.ts';

const FOLDER = 'functions/triggers';
const APPROVAL = 'test/functions/triggers/approval.test.ts';
const KEYS = 'test/functions/triggers/hosted/keys.test.ts';

const HANDLERS = {
  report: 'GET: only(ROLES, getReport',
  approval: "POST: only(['Approve'], postApproval",
  cancel: 'POST: only(STOPS, postCancel',
  rollback: "POST: only(['Operate'], postRollback",
};

export const TRIGGERS: readonly Mutant[] = [
  {
    what: 'approval is taken before it is asked for',
    file: `${FOLDER}/post-approval.ts`,
    from: `record?.phase !== 'approval' || !question`,
    to: '!record || !question',
    killedBy: { file: APPROVAL, test: 'before it is asked for' },
  },
  {
    what: 'approval of an earlier attempt counts for the one that goes on',
    file: `${FOLDER}/engine.ts`,
    from: 'active?.remediationId === remediationId ? instanceId',
    to: 'active ? instanceId',
    killedBy: { file: APPROVAL, test: 'to an earlier attempt' },
  },
  {
    what: 'the kill switch lets a question to a person stand',
    file: 'functions/activities/watch.ts',
    from: `seen === 'goes-on' && killSwitch`,
    to: `seen === 'gone' && killSwitch`,
    killedBy: { file: 'test/e2e/kill-switch.test.ts', test: 'waits for a person too' },
  },
  {
    what: 'with Entra ID in front no door is guarded',
    file: `${FOLDER}/door.ts`,
    from: `access === 'caller' ? callerOf(request, deps) : NOBODY`,
    to: 'access && NOBODY',
    killedBy: {
      file: 'test/functions/triggers/hosted/entra.test.ts',
      test: 'is 401 for who has not signed in',
    },
  },
  {
    what: 'the host asks for no key',
    file: `${FOLDER}/register.ts`,
    from: `asksForKey(deps, route) ? 'function'`,
    to: `asksForKey(deps, route) ? 'anonymous'`,
    killedBy: { file: KEYS, test: 'is 401 without key' },
  },
  ...(['report', 'approval', 'cancel', 'rollback'] as const).map((last): Mutant => ({
    what: `anybody may call ${last}`,
    file: `${FOLDER}/routes.ts`,
    from: `path: 'api/remediations/{id}/${last}',
      handlers: { ${HANDLERS[last]}(deps)) },
      access: 'caller',`,
    to: `path: 'api/remediations/{id}/${last}',
      handlers: { ${HANDLERS[last]}(deps)) },
      access: 'anybody',`,
    killedBy: { file: KEYS, test: 'is 401 without key' },
  })),
];
