import type { OutcomeKind } from '../shared/model/record.ts';

/** What scripts can go by. The numbers are a promise: none is given another meaning. */
export const EXIT_CODES = {
  done: { code: 0, meaning: 'Done: RDP answers, or what was asked for was done.' },
  failed: { code: 1, meaning: 'An error that none of the others names.' },
  usage: { code: 2, meaning: 'The command was not understood, or lacks something.' },
  notRepaired: {
    code: 3,
    meaning: 'It ended, and RDP does not answer for good; or `doctor` found something that is to be mended.',
  },
  refused: { code: 4, meaning: 'Refused by the policy or by the preflight: nothing was touched.' },
  cancelled: { code: 5, meaning: 'Cancelled by a person, or a question was answered with no.' },
  goesOn: { code: 6, meaning: 'It has not ended: it waits for an approval, or was not waited for.' },
  unreachable: {
    code: 7,
    meaning: 'The service or Azure cannot be reached, or lets the caller not in.',
  },
  interrupted: { code: 130, meaning: 'Interrupted by Ctrl-C; it says how to go on.' },
} as const;

export type Ending = keyof typeof EXIT_CODES;

const ENDINGS: Readonly<Record<OutcomeKind, Ending>> = {
  'repaired-online': 'done',
  'repaired-offline': 'done',
  healthy: 'done',
  diagnosed: 'done',
  'rolled-back': 'done',
  refused: 'refused',
  cancelled: 'cancelled',
  'set-by-policy': 'notRepaired',
  'not-fixed': 'notRepaired',
  failed: 'notRepaired',
};

/** How the command ends whose remediation has ended so. */
export function endingOf(outcome: OutcomeKind): Ending {
  return ENDINGS[outcome];
}
