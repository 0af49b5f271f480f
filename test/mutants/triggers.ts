import type { Mutant } from './mutant.ts';

const FOLDER = 'functions/triggers';
const APPROVAL = 'test/functions/triggers/approval.test.ts';
const KEYS = 'test/functions/triggers/hosted/keys.test.ts';

const HANDLERS = {
  report: 'GET: getReport',
  approval: 'POST: postApproval',
  cancel: 'POST: postCancel',
  rollback: 'POST: postRollback',
};

export const TRIGGERS: readonly Mutant[] = [
  {
    what: 'approval is taken before it is asked for',
    file: `${FOLDER}/post-approval.ts`,
    from: `if (record?.phase !== 'approval') return problemResponse(problem('NothingToApprove'));`,
    to: '',
    killedBy: { file: APPROVAL, test: 'before it is asked for' },
  },
  {
    what: 'approval of an earlier attempt counts for the one that goes on',
    file: `${FOLDER}/post-approval.ts`,
    from: 'active?.remediationId !== id',
    to: 'active === undefined',
    killedBy: { file: APPROVAL, test: 'of an earlier attempt' },
  },
  {
    what: 'with Entra ID in front no door is guarded',
    file: `${FOLDER}/register.ts`,
    from: `handler: entra && access === 'caller' ? guarded(handler) : handler,`,
    to: 'handler: entra && guarded === undefined ? guarded(handler) : handler,',
    killedBy: {
      file: 'test/functions/triggers/hosted/entra.test.ts',
      test: 'is 401 for who has not signed in',
    },
  },
  ...(['report', 'approval', 'cancel', 'rollback'] as const).map((last): Mutant => ({
    what: `anybody may call ${last}`,
    file: `${FOLDER}/routes.ts`,
    from: `path: 'api/remediations/{id}/${last}',
      handlers: { ${HANDLERS[last]}(deps) },
      access: 'caller',`,
    to: `path: 'api/remediations/{id}/${last}',
      handlers: { ${HANDLERS[last]}(deps) },
      access: 'anybody',`,
    killedBy: { file: KEYS, test: 'is 401 without key' },
  })),
];
