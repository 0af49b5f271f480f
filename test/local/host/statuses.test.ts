import * as z from 'zod';
import recording from '../../fixtures/durable/status.json' with { type: 'json' };
import { driveRecording, type Driven } from './support/drive-recording.ts';

/** Times differ from run to run, but not their form. */
function withoutTimes(answer: unknown): unknown {
  return JSON.parse(JSON.stringify(answer), (key, value: unknown) =>
    key === 'createdTime' || key === 'lastUpdatedTime' ? z.string().parse(value).replace(/\d/g, '0') : value,
  );
}

describe('every status is what the real host recorded', () => {
  let driven: Driven;
  beforeAll(async () => {
    driven = await driveRecording();
  });

  test.each(Object.entries(recording))('%s', (title, answer) => {
    expect(withoutTimes(driven.statuses.get(title))).toEqual(withoutTimes(answer));
  });
});
