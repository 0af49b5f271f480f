import { randomBytes } from 'node:crypto';
import { MedicError } from '../../../shared/errors.ts';
import { readAnswer, type GuestOutput } from '../../../shared/guest/read-answer.ts';
import { answer as wellFormed, deniedFacts, headOf, lineOf, NONCE, payloadOf } from './answers.ts';

const OTHER = 'fedcba9876543210fedcba9876543210';
const EXPECTED = { nonce: NONCE, script: 'collect' } as const;
const TAIL = 4_096;

type Json = Record<string, unknown>;

/** An answer that may be none. */
const answer = (change: Json = {}): Json => ({ ...wellFormed(), ...change });

/** Short enough for two in one tail. */
const SHORT = answer({ facts: null, error: { code: 'BitLockerLocked', message: 'the volume is locked' } });

const lastLine = (payload: string, nonce?: string): string => `${lineOf(payload, nonce)}\n`;

/** What Azure keeps of an output. */
function tails(stdout: string, stderr = ''): GuestOutput {
  return { stdoutTail: stdout.slice(-TAIL), stderrTail: stderr.slice(-TAIL) };
}

/** As a script prints a long answer. */
function inTwoParts(payload: string): GuestOutput {
  return tails(lastLine(payload), `${headOf(payload)}\r\n`);
}

function refusal(output: GuestOutput): string {
  try {
    readAnswer(output, EXPECTED);
  } catch (error) {
    if (error instanceof MedicError) return error.code;
    throw error;
  }
  return 'taken';
}

/** Facts whose payload is longer than one tail: what chance wrote cannot be compressed. */
function longAnswer(): Json {
  const items = Array.from({ length: 16 }, () => randomBytes(190).toString('base64'));
  return answer({ facts: { ...deniedFacts(), appliedPolicies: { total: 16, items, error: null } } });
}

describe('the answer of a guest script', () => {
  it('is read from the last line, whatever was printed before', () => {
    const { facts } = readAnswer(tails(`some text\r\n\r\n${lastLine(payloadOf(answer()))}`), EXPECTED);
    expect(facts).toEqual(deniedFacts());
  });

  it('is put together from both tails when it is long', () => {
    const long = longAnswer();
    const payload = payloadOf(long);
    expect(payload.length).toBeGreaterThan(3_900);
    expect(payload.length).toBeLessThan(7_400);
    expect(readAnswer(inTwoParts(payload), EXPECTED).facts).toEqual(long['facts']);
  });

  it('is read from the whole output where there is one', () => {
    const long = longAnswer();
    const whole = `text\n${lastLine(payloadOf(long))}`;
    const output = { ...tails(whole), whole };
    expect(readAnswer(output, EXPECTED).facts).toEqual(long['facts']);
  });

  it('carries an error of the script as one', () => {
    expect(readAnswer(tails(lastLine(payloadOf(SHORT))), EXPECTED).error).toEqual(SHORT['error']);
  });
});

describe('an output that is no answer', () => {
  const refused: [string, () => GuestOutput][] = [
    ['nothing', () => tails('')],
    ['text alone', () => tails('The script was killed.\n')],
    ['a foreign number', () => tails(lastLine(payloadOf(answer({ nonce: OTHER })), OTHER))],
    [
      'our number outside and a foreign one inside',
      () => tails(lastLine(payloadOf(answer({ nonce: OTHER })))),
    ],
    ['another script', () => tails(lastLine(payloadOf(answer({ script: 'apply' }))))],
    ['two lines with our number', () => tails(lastLine(payloadOf(SHORT)).repeat(2))],
    ['a line that something follows', () => tails(`${lastLine(payloadOf(answer()))}and more\n`)],
    ['a line that is cut at its end', () => tails(lastLine(payloadOf(answer())).slice(0, -20))],
    ['a line that is cut at its beginning, without a head', () => tails(lastLine(payloadOf(longAnswer())))],
    ['another length than it says', () => tails(`RDP-MEDIC-RESULT ${NONCE} 9 ${payloadOf(answer())}\n`)],
    ['no base64', () => tails(`RDP-MEDIC-RESULT ${NONCE} 8 {"a":1}!\n`)],
    ['base64 of something else', () => tails(lastLine(Buffer.from('no gzip').toString('base64')))],
    ['half an archive', () => tails(lastLine(payloadOf(answer()).slice(0, 400)))],
    ['text inside', () => tails(lastLine(payloadOf('not JSON')))],
    ['a list inside', () => tails(lastLine(payloadOf([answer()])))],
    ['a gzip bomb', () => tails(lastLine(payloadOf(`"${'0'.repeat(2_000_000)}"`)))],
    ['JSON nested deeply', () => tails(lastLine(payloadOf('['.repeat(120_000))))],
    [
      'JSON nested deeply, and closed',
      () => tails(lastLine(payloadOf('['.repeat(100_000) + ']'.repeat(100_000)))),
    ],
    ['a schema of another time', () => tails(lastLine(payloadOf(answer({ schema: 1 }))))],
    [
      'an error code in words',
      () => tails(lastLine(payloadOf(answer({ error: { code: 'not a code', message: '' } })))),
    ],
  ];
  it.each(refused)('is refused: %s', (_what, output) => {
    expect(refusal(output())).toBe('GuestResultMissing');
  });

  it('is refused where the head belongs to another output', () => {
    const [one, other] = [payloadOf(longAnswer()), payloadOf(longAnswer())];
    const mixed = { ...inTwoParts(one), stdoutTail: inTwoParts(other).stdoutTail };
    expect(refusal(mixed)).toBe('GuestResultMissing');
  });

  it('is refused where the head is of a foreign number', () => {
    const { stdoutTail, stderrTail } = inTwoParts(payloadOf(longAnswer()));
    expect(refusal({ stdoutTail, stderrTail: stderrTail.replace(NONCE, OTHER) })).toBe('GuestResultMissing');
  });

  it('says nothing of what the guest wrote', () => {
    const evil = "'; Remove-Item C:\\ -Recurse #\u2019";
    let message = '';
    try {
      readAnswer(tails(lastLine(payloadOf(answer({ script: evil })))), EXPECTED);
    } catch (error) {
      message = error instanceof Error ? error.message : '';
    }
    expect(message).toBe('The guest script returned no result: it cannot be read.');
  });
});

describe('facts out of their bounds', () => {
  const withFacts = (change: Json): GuestOutput =>
    tails(lastLine(payloadOf(answer({ facts: { ...deniedFacts(), ...change } }))));
  const listener = {
    address: '0.0.0.0',
    port: 3389,
    pid: 952,
    process: 'svchost.exe',
    services: ['TermService'],
    canStop: true,
    startsWithWindows: false,
  };
  const listeners = (change: Json): Json => ({
    listeners: { total: 1, items: [{ ...listener, ...change }], error: null },
  });
  const count = (total: unknown): Json => ({ services: { total, items: [], error: null } });

  const refused: [string, Json][] = [
    ['a port above 65535', listeners({ port: 65_536 })],
    ['port 0', listeners({ port: 0 })],
    ['a port with a fraction', listeners({ port: 3389.5 })],
    ['a port as text', listeners({ port: '3389' })],
    ['a process id that is no number', listeners({ pid: -1 })],
    ['a huge count', count(1e300)],
    ['a negative count', count(-1)],
    ['a count in words', count('many')],
    [
      'more listeners than there may be',
      { listeners: { total: 64, items: Array(64).fill(listener), error: null } },
    ],
    ['a name as long as a book', listeners({ process: 'x'.repeat(10_000) })],
    ['a control set that is a path', { sets: ['..\\..\\Windows'] }],
    ['a time that is none', { at: 'yesterday' }],
    ['a thumbprint that is no hex', { handshake: { stage: 'done', protocol: '', thumbprint: "'" } }],
    ['a field missing', { keys: undefined }],
  ];
  it.each(refused)('are refused: %s', (_what, change) => {
    expect(refusal(withFacts(change))).toBe('GuestResultMissing');
  });

  it.each(["O'Neill", 'O\u2019Neill', '$(evil)', '`whoami`', '"; exit', '<b>'])(
    'keep a name as it is, for it is only text: %s',
    (name) => {
      const { facts } = readAnswer(withFacts(listeners({ services: [name] })), EXPECTED);
      expect(facts?.listeners.items[0]?.services).toEqual([name]);
    },
  );

  it('take no field that is not theirs', () => {
    const json = JSON.stringify(answer()).replace('{', '{"__proto__":{"isAdmin":true},"constructor":1,');
    const read = readAnswer(tails(lastLine(payloadOf(json))), EXPECTED);
    expect(Object.keys(read)).not.toContain('constructor');
    expect('isAdmin' in read).toBe(false);
  });
});
