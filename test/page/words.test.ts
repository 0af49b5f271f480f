import {
  countOf,
  GROUPS,
  MODES,
  OPERATIONS,
  OUTCOMES,
  PHASES,
  PROBE_STATES,
  sentence,
  SOURCES,
  statusOf,
  STEP_STATES,
} from '../../page/assets/words.js';
import { niceTop } from '../../page/assets/chart.js';
import { formatSeconds, told } from '../../page/assets/time.js';
import { operationKindSchema } from '../../shared/model/operation-record.ts';
import { probeStateSchema } from '../../shared/model/probe.ts';
import { outcomeKindSchema, phaseSchema, stepStateSchema } from '../../shared/model/record.ts';
import { modeSchema, sourceSchema } from '../../shared/model/request.ts';

describe('The page has a word', () => {
  it.each([
    ['outcome', OUTCOMES, outcomeKindSchema.options],
    ['phase', PHASES, ['starting', ...phaseSchema.options]],
    ['state of a step', STEP_STATES, stepStateSchema.options],
    ['state of RDP', PROBE_STATES, probeStateSchema.options],
    ['Azure operation', OPERATIONS, operationKindSchema.options],
    ['mode', MODES, modeSchema.options],
    ['source', SOURCES, sourceSchema.shape.kind.options],
  ])('for each %s', (_what, words, known) => {
    expect(Object.keys(words).sort()).toEqual([...known].sort());
  });

  it('for each outcome in its figures, once', () => {
    expect(GROUPS.flatMap(({ outcomes }) => [...outcomes]).sort()).toEqual(
      [...outcomeKindSchema.options].sort(),
    );
    const counts = Object.fromEntries(outcomeKindSchema.options.map((kind) => [kind, 1]));
    expect(GROUPS.reduce((sum, group) => sum + countOf(counts, group), 0)).toBe(
      outcomeKindSchema.options.length,
    );
  });
});

it.each([
  [{ phase: 'offline' }, 'Repairing offline', 'busy'],
  [{ phase: 'approval' }, 'Waiting for approval', 'warn'],
  [{ phase: 'approval', lost: true }, 'Interrupted', 'bad'],
  [{ phase: 'clean-up', outcome: 'failed' }, 'Cleaning up', 'busy'],
  [{ phase: 'ended', outcome: 'failed', endedAt: '2026-03-01T12:00:00Z' }, 'Failed', 'bad'],
  [{ phase: 'a-new-phase' }, 'a-new-phase', 'busy'],
])('%j is said as %s', (one, text, tone) => {
  expect(statusOf(one)).toEqual({ text, tone });
});

it.each([
  ['swap-os-disk', 'Swap OS disk'],
  ['set registry value', 'Set registry value'],
  ['Delete \\ this', 'Delete \\ this'],
])('%s is said as %s', (word, said) => {
  expect(sentence(word)).toBe(said);
});

it.each([
  [0, '0 s'],
  [-5, '0 s'],
  [75, '1 min 15 s'],
  [7320, '2 h 2 min'],
])('%i seconds are told as %s', (seconds, text) => {
  expect(formatSeconds(seconds)).toBe(text);
});

it('tells moments within a text in the reader’s own time', () => {
  expect(told('Kept until 2026-03-08T12:00:00.000Z, then deleted.')).toMatch(
    /^Kept until \d+ Mar 2026, \d\d:\d\d:\d\d, then deleted\.$/,
  );
});

it.each([
  [1, 2],
  [2, 2],
  [3, 4],
  [5, 10],
  [11, 20],
  [41, 100],
])('an axis for %i goes up to %i', (most, top) => {
  expect(niceTop(most)).toBe(top);
});
