import type { Mutant } from './mutant.ts';

const FOLDER = 'functions/activities';

export const ACTIVITIES: readonly Mutant[] = [
  {
    what: 'clean-up deletes what a repair beside it has made',
    file: `${FOLDER}/clean-up.ts`,
    from: 'one.remediationId === remediationId && ',
    to: '',
    killedBy: { file: 'test/e2e/modes.test.ts', test: 'is left alone by the clean-up' },
  },
  {
    what: 'a remediation whose input cannot be read counts as over',
    file: `${FOLDER}/sweep.ts`,
    from: `found === 'unknown' || found.remediationId === id`,
    to: `found !== 'unknown' && found.remediationId === id`,
    killedBy: {
      file: 'test/functions/find-running.test.ts',
      test: 'an instance whose input cannot be read counts as running',
    },
  },
  {
    what: 'the report of whoever carries a remediation on by now is written over',
    file: 'shared/store/record-store.ts',
    from: 'if (report !== undefined) written.delete(record.id);',
    to: '',
    killedBy: {
      file: 'test/shared/store/store.test.ts',
      test: 'leaves the report of whoever carries the remediation on by now',
    },
  },
];
