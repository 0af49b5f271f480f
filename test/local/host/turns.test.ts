import * as z from 'zod';
import recording from '../../fixtures/durable/turns.json' with { type: 'json' };
import { driveRecording, type Driven } from './support/drive-recording.ts';
import { normaliseTurn, turnsSchema, withoutTurns } from './support/normalise.ts';

const recordedCases = z.record(z.string(), z.object({ turns: turnsSchema })).parse(recording);

/** On Azure its timer fired ahead of time, and so in one turn with the event: which comes first is a race. */
const RACES = new Set(['twoEvents-1']);

describe('every turn is what the real host recorded', () => {
  let driven: Driven;
  beforeAll(async () => {
    driven = await driveRecording();
  });

  test.each(Object.entries(recordedCases))('%s', (id, { turns }) => {
    const ours = turnsSchema.parse(driven.turns.get(id));
    if (RACES.has(id)) expect(withoutTurns(ours)).toEqual(withoutTurns(turns));
    else expect(ours.map(normaliseTurn)).toEqual(turns.map(normaliseTurn));
  });

  test('no instance ran that is not in the recording', () => {
    expect([...driven.turns.keys()].sort()).toEqual(Object.keys(recordedCases).sort());
  });
});
