import { randomBytes } from 'node:crypto';
import { MedicError } from '../../../shared/errors.ts';
import { readPasted } from '../../../shared/guest/read-pasted.ts';
import { answer, headOf, lineOf, payloadOf } from './answers.ts';

const ANSWER = answer();
const FACTS = ANSWER.facts;
const LINE = lineOf(payloadOf(ANSWER));

/** Longer than what Azure keeps of an output. */
function longAnswer() {
  const items = Array.from({ length: 16 }, () => randomBytes(190).toString('base64'));
  const facts = ANSWER.facts;
  if (!facts) throw new Error('there are no facts');
  return answer({ facts: { ...facts, appliedPolicies: { total: 16, items, error: null } } });
}

describe('what a person pasted is taken', () => {
  it.each([
    ['facts as JSON', JSON.stringify(FACTS)],
    ['facts as JSON for reading', JSON.stringify(FACTS, undefined, 2)],
    ['an answer as JSON', JSON.stringify(ANSWER)],
    ['the last line of a run', LINE],
    ['all that a run printed', `\r\nServices\r\n  TermService\r\n\r\n${LINE}\r\n`],
    ['a line as a narrow screen broke it', LINE.replace(/(.{79})/g, '$1\r\n')],
    ['what a tool made JSON of', JSON.stringify({ value: [{ message: `text\n${LINE}\n[stderr]\n` }] })],
    ['several runs, of which the last counts', `${lineOf(payloadOf(answer({ facts: null })))}\n${LINE}`],
  ])('%s', (_what, text) => {
    expect(readPasted(text).facts).toEqual(FACTS);
  });

  it.each(['output first', 'errors first'])('the two tails of a long answer, %s', (order) => {
    const long = longAnswer();
    const payload = payloadOf(long);
    const parts = [lineOf(payload).slice(-4_096), headOf(payload)];
    const text = (order === 'output first' ? parts : parts.toReversed()).join('\n');
    expect(readPasted(text).facts).toEqual(long.facts);
  });
});

describe('what a person pasted is refused', () => {
  const broken = { ...FACTS, services: `'; Get-Date #`, at: 'now' };
  it.each([
    ['nothing', '', /neither facts nor/],
    ['another text', 'Hello', /neither facts nor/],
    ['another JSON', '{"a":1}', /neither facts nor/],
    ['a line that is cut', LINE.slice(0, -50), /neither facts nor/],
    ['a line that is changed', LINE.replace(/.{8}$/, 'AAAAAAAA'), /cannot be read|no answer/],
    [
      'facts that break the schema, with where and not what',
      JSON.stringify(broken),
      /^[^']*\bat, services\.$/,
    ],
  ])('%s', (_what, text, message) => {
    expect(() => readPasted(text)).toThrow(MedicError);
    expect(() => readPasted(text)).toThrow(message);
  });
});
