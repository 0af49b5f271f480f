import { gunzipSync } from 'node:zlib';
import { MedicError } from '../errors.ts';
import { guestAnswerSchema, type GuestAnswer } from '../model/guest-answer.ts';

/** What a run printed: the tails that Azure keeps (4,096 bytes each), and all of the output where there was a way to it. */
export interface GuestOutput {
  readonly stdoutTail: string;
  readonly stderrTail: string;
  readonly whole?: string;
}

/** Which answer is waited for. */
export interface ExpectedAnswer {
  readonly nonce: string;
  readonly script: GuestAnswer['script'];
}

/** Characters of a long answer that are looked for in the output; those before stand in the error stream too. */
const IN_OUTPUT = 3_600;
const LONGEST_PAYLOAD = 64 * 1024;
/** Facts of the largest Windows are 40 KiB. */
const MOST_BYTES = 256 * 1024;
const MARKED = /^RDP-MEDIC-(RESULT|HEAD) ([0-9a-f]{32}) ([1-9][0-9]{0,5}) ([A-Za-z0-9+/]+={0,2})$/;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/**
 * The answer of a guest script. All of it is a stranger's claim: taken only when its line is the last and the only one with this
 * run's number, has the length it says, inflates to no more than 256 KiB and keeps every bound of the schema.
 * @throws MedicError `GuestResultMissing` for anything else: never "no fault".
 */
export function readAnswer(output: GuestOutput, expected: ExpectedAnswer): GuestAnswer {
  const answer = decode(payloadOf(output, expected.nonce));
  if (answer.nonce !== expected.nonce) throw missing('it belongs to another run');
  if (answer.script !== expected.script) throw missing('it comes from another script');
  return answer;
}

function payloadOf({ stdoutTail, stderrTail, whole }: GuestOutput, nonce: string): string {
  const stdout = whole ?? stdoutTail;
  const line = lastMarked(stdout, 'RESULT', nonce);
  if (line) return complete(line.payload, line.length);
  const head = lastMarked(stderrTail, 'HEAD', nonce);
  if (!head) throw missing('its output does not end with the result line of this run');
  // The tail begins inside of the line: its last characters follow those of the head.
  const rest = lastLine(stdout);
  const before = rest.slice(0, -IN_OUTPUT);
  const beginning = `RDP-MEDIC-RESULT ${nonce} ${String(head.length)} ${head.payload}`;
  if (rest.length < IN_OUTPUT || !beginning.endsWith(before)) throw missing('its two parts do not match');
  return complete(head.payload + rest.slice(-IN_OUTPUT), head.length);
}

interface Marked {
  length: number;
  payload: string;
}

/** The last line of a text, where it is marked for this run; `undefined` where it is not. Two such lines are an attempt. */
function lastMarked(text: string, mark: 'RESULT' | 'HEAD', nonce: string): Marked | undefined {
  const own = text.split(/[\r\n]+/).filter((line) => line.startsWith(`RDP-MEDIC-${mark} ${nonce} `));
  if (own.length > 1) throw missing('there is more than one result line for this run');
  const [, found, by, length, payload] = MARKED.exec(lastLine(text)) ?? [];
  if (found !== mark || by !== nonce || length === undefined || payload === undefined) return undefined;
  return { length: Number(length), payload };
}

function lastLine(text: string): string {
  return (
    text
      .trimEnd()
      .split(/[\r\n]/)
      .at(-1) ?? ''
  );
}

function complete(payload: string, length: number): string {
  if (payload.length !== length) throw missing('it is truncated');
  if (length > LONGEST_PAYLOAD || !BASE64.test(payload)) throw missing('it is not a script result');
  return payload;
}

/** Reads the payload of an answer, whole. @throws MedicError `GuestResultMissing` for anything else */
export function decodeAnswer(payload: string, length: number): GuestAnswer {
  return decode(complete(payload, length));
}

function decode(payload: string): GuestAnswer {
  try {
    const json = gunzipSync(Buffer.from(payload, 'base64'), { maxOutputLength: MOST_BYTES });
    return guestAnswerSchema.parse(JSON.parse(json.toString('utf8')));
  } catch (error) {
    // What is wrong with it goes to the evidence; none of its text goes into a message.
    throw missing('it cannot be read', error);
  }
}

function missing(why: string, cause?: unknown): MedicError {
  return new MedicError('GuestResultMissing', `The guest script returned no result: ${why}.`, { cause });
}
