import { OUTCOMES, PHASES as RUNNING_PHASES, STEP_STATES as STATES } from './labels.js';

/**
 * How the page says what the service calls by its own names.
 * @typedef {'good' | 'warn' | 'bad' | 'plain' | 'busy'} Tone
 * @typedef {{ readonly text: string, readonly tone: Tone }} Label
 */

/**
 * @typedef {import('../../shared/model/record.ts').OutcomeKind} OutcomeKind
 * @typedef {import('../../shared/model/record.ts').Phase | 'starting'} Phase
 * @typedef {import('../../shared/model/record.ts').StepState} StepState
 */

export { COURSE, GROUPS, MODES, OPERATIONS, OUTCOMES, PROBE_STATES, SOURCES, TOOLS } from './labels.js';

/** @type {Readonly<Record<Phase, string>>} */
export const PHASES = { starting: 'Starting', ...RUNNING_PHASES };

/** A report stands still, a page moves. @type {Readonly<Record<StepState, Label>>} */
export const STEP_STATES = { ...STATES, running: { ...STATES.running, tone: 'busy' } };

/**
 * How many of an outcome's group there are.
 * @param {Partial<Record<string, number>>} counts by outcome
 * @param {(typeof import('./labels.js').GROUPS)[number]} group
 */
export function countOf(counts, group) {
  return group.outcomes.reduce((sum, outcome) => sum + (counts[outcome] ?? 0), 0);
}

/**
 * The status of a remediation, in a word or two.
 * @param {{ phase: string, outcome?: string | undefined, endedAt?: string | undefined, lost?: boolean | undefined }} one
 * @returns {Label}
 */
export function statusOf({ phase, outcome, endedAt, lost }) {
  if (outcome !== undefined && endedAt !== undefined)
    return OUTCOMES[/** @type {OutcomeKind} */ (outcome)] ?? { text: outcome, tone: 'plain' };
  if (endedAt !== undefined) return { text: 'Ended', tone: 'plain' };
  if (lost) return { text: 'Interrupted', tone: 'bad' };
  const text = PHASES[/** @type {Phase} */ (phase)] ?? phase;
  return { text, tone: phase === 'approval' ? 'warn' : 'busy' };
}

/**
 * `swap-os-disk` as `Swap OS disk`; anything that is not such a word stays as it came.
 * @param {string} word
 */
export function sentence(word) {
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(word)) return word.charAt(0).toUpperCase() + word.slice(1);
  const words = word
    .replaceAll('-', ' ')
    .replace(/\b(acl|bcd|id|nsg|os|rdp|tls|vm)\b/g, (short) => short.toUpperCase());
  return words.charAt(0).toUpperCase() + words.slice(1);
}
