import type { OutcomeKind } from '../shared/model/record.ts';

/** What scripts can go by. The numbers are a promise: none is given another meaning. */
export const EXIT_CODES = {
  done: { code: 0, meaning: 'Done: RDP answers, or the command succeeded.' },
  failed: { code: 1, meaning: 'Any other error.' },
  usage: { code: 2, meaning: 'Invalid usage: an unknown or missing argument or option.' },
  notRepaired: {
    code: 3,
    meaning: 'The remediation ended but RDP is not repaired, or `doctor` found a problem.',
  },
  refused: { code: 4, meaning: 'Refused by the policy or the preflight checks: nothing was changed.' },
  cancelled: { code: 5, meaning: 'Cancelled, or a prompt was answered with no.' },
  goesOn: { code: 6, meaning: 'Still in progress: waiting for approval, or started with --no-wait.' },
  unreachable: {
    code: 7,
    meaning: 'The service or Azure cannot be reached, or rejected the credentials.',
  },
  interrupted: { code: 130, meaning: 'Interrupted by Ctrl-C; the message says how to resume.' },
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
