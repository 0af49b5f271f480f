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
];
