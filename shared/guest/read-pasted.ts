import * as z from 'zod';
import { MedicError } from '../errors.ts';
import { factsSchema, type Facts } from '../model/facts.ts';
import { guestAnswerSchema, type GuestAnswer } from '../model/guest-answer.ts';
import { decodeAnswer } from './read-answer.ts';

/** What a person brought: an answer, or the facts of one. */
export type Pasted = Pick<GuestAnswer, 'error' | 'outcomes' | 'facts'>;

/** Screens break long lines, so that a payload may go on in the next ones. */
const MARK = 'RDP-MEDIC-RESULT ';
const RESULT = /^RDP-MEDIC-RESULT [0-9a-f]{32} ([1-9][0-9]{0,5})\s([A-Za-z0-9+/=\s]*)/;
const HEAD = /RDP-MEDIC-HEAD [0-9a-f]{32} ([1-9][0-9]{0,5}) ([A-Za-z0-9+/=]+)/g;
/** Characters of a long answer that are looked for in the output. */
const IN_OUTPUT = 3_600;
const LONG_TEXT = /[A-Za-z0-9+/=]{3600,}/g;

/**
 * Reads what a person pasted or kept: facts or an answer as JSON, or whatever a run of `collect` or `apply` printed, both its
 * streams where the answer was long. Whose run it was a person knows: no number is asked for.
 * @throws MedicError `GuestResultMissing` where none of these is in it
 */
export function readPasted(text: string): Pasted {
  return fromJson(text) ?? fromOutput(text);
}

function fromJson(text: string): Pasted | undefined {
  const json = parsed(text);
  const answer = guestAnswerSchema.safeParse(json);
  if (answer.success) return answer.data;
  const facts = factsSchema.safeParse(json);
  if (facts.success) return withFacts(facts.data);
  if (isOurs(json)) throw missing(`it is in the RDP Medic format, except for ${placesOf(facts.error)}`);
  return undefined;
}

function withFacts(facts: Facts): Pasted {
  return { error: null, outcomes: [], facts };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isOurs(json: unknown): boolean {
  return z.looseObject({ schema: z.number(), scope: z.string() }).safeParse(json).success;
}

/** Where it breaks the schema; nothing of what stands there. */
function placesOf({ issues }: z.ZodError): string {
  return [...new Set(issues.map(({ path: [part] }) => (typeof part === 'string' ? part : 'its whole')))].join(
    ', ',
  );
}

function fromOutput(text: string): Pasted {
  const whole = RESULT.exec(text.slice(Math.max(0, text.lastIndexOf(MARK))));
  const wanted = Number(whole?.[1] ?? 0);
  const payload = (whole?.[2] ?? '').replaceAll(/\s/g, '').slice(0, wanted);
  if (wanted > 0 && payload.length === wanted) return decodeAnswer(payload, wanted);
  return fromTwoParts(text);
}

/** The error stream has its beginning, the output its end. */
function fromTwoParts(text: string): Pasted {
  const head = [...text.matchAll(HEAD)].at(-1);
  const rest = text.replaceAll(HEAD, ' ').match(LONG_TEXT)?.at(-1);
  if (head?.[1] === undefined || head[2] === undefined || rest === undefined)
    throw missing('it contains neither facts nor the last line of a run');
  return decodeAnswer(head[2] + rest.slice(-IN_OUTPUT), Number(head[1]));
}

function missing(why: string): MedicError {
  return new MedicError('GuestResultMissing', `There is nothing to explain: ${why}.`);
}
