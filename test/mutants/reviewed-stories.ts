const CALL_OFF = 'functions/orchestrators/call-off.ts';
const OUTCOME_ALONE = 'the word for how it ended: what was taken back, and what was not, stands beside it';

/** Of the groups `activities` and `orchestrators`: surviving mutants of guards that harm nothing. */
export const REVIEWED_STORIES = [
  {
    file: 'functions/activities/mandate.ts',
    from: '{ return undefined; }',
    to: '{}',
    why: 'a function without an answer answers `undefined`',
  },
  { file: CALL_OFF, from: `'cancelled'`, to: `""`, why: OUTCOME_ALONE },
  { file: CALL_OFF, from: `'failed'`, to: `""`, why: OUTCOME_ALONE },
  { file: CALL_OFF, from: 'cancellation', to: 'true', why: 'the record would say `undefined` of nobody' },
  {
    file: CALL_OFF,
    from: 'cancellation?.leaveStopped',
    to: 'cancellation.leaveStopped',
    why: 'test/e2e/closed notices it, whose hosts are processes of their own',
  },
] as const;
