import { gzipSync } from 'node:zlib';
import type { Facts } from '../../../shared/model/facts.ts';
import type { GuestAnswer } from '../../../shared/model/guest-answer.ts';
import type { ScriptOutcome } from '../guest.ts';
import { ScriptKilled, ScriptStuck } from '../machine/errors.ts';

/** As `guest/lib/answer.ps1` has them. */
const LONGEST_LINE = 3_900;
const IN_OUTPUT = 3_600;
const LONGEST_PAYLOAD = 7_400;
const LONGEST_MESSAGE = 512;
const OWN_RULES: readonly string[] = [
  'RemoteDesktop-UserMode-In-TCP',
  'RemoteDesktop-UserMode-In-UDP',
  'RemoteDesktop-Shadow-In-TCP',
];

/** What a script throws to give its error a code: `"Code: text"` in PowerShell. */
export class ScriptError extends Error {
  constructor(code: string, message: string) {
    super(`${code}: ${message}`);
    this.name = 'ScriptError';
  }
}

/** The frame of a script: runs the work, which fills the answer, and prints that whatever happened. */
export async function answering(
  script: GuestAnswer['script'],
  nonce: string,
  work: (answer: GuestAnswer) => Promise<void>,
): Promise<ScriptOutcome> {
  const answer: GuestAnswer = {
    schema: 2,
    script,
    nonce,
    error: null,
    hash: '',
    outcomes: [],
    before: null,
    facts: null,
  };
  try {
    await work(answer);
  } catch (thrown) {
    answer.error = errorOf(thrown);
  }
  return encodeAnswer(answer);
}

/** What a `catch` of a script gets. A killed or stuck script catches nothing. */
export function messageOf(thrown: unknown): string {
  if (thrown instanceof ScriptKilled || thrown instanceof ScriptStuck || !(thrown instanceof Error))
    throw thrown;
  return thrown.message;
}

function errorOf(thrown: unknown): NonNullable<GuestAnswer['error']> {
  const message = messageOf(thrown).slice(0, LONGEST_MESSAGE);
  const [, code, text] = /^([A-Z][A-Za-z0-9]{0,63}): (.+)$/s.exec(message) ?? [];
  return code === undefined || text === undefined
    ? { code: 'ScriptFailed', message }
    : { code, message: text };
}

/** The answer as the script prints it: a line in the output, and its beginning in the errors where it is long. */
export function encodeAnswer(answer: GuestAnswer): ScriptOutcome {
  const payload = payloadOf(answer);
  const length = String(payload.length);
  const line = `RDP-MEDIC-RESULT ${answer.nonce} ${length} ${payload}`;
  const head = `RDP-MEDIC-HEAD ${answer.nonce} ${length} ${payload.slice(0, -IN_OUTPUT)}`;
  return {
    stdout: `${line}\n`,
    stderr: line.length > LONGEST_LINE ? `${head}\n` : '',
    exitCode: answer.error === null ? 0 : 1,
    seconds: 0,
  };
}

function payloadOf(whole: GuestAnswer): string {
  let answer = whole;
  for (let round = 0; round < 12; round++) {
    const payload = gzipSync(asciiJson(answer)).toString('base64');
    if (payload.length <= LONGEST_PAYLOAD) return payload;
    answer = limited(answer);
  }
  const error = { code: 'AnswerTooLong', message: 'the answer does not fit' };
  return gzipSync(asciiJson({ ...whole, facts: null, before: null, outcomes: [], error })).toString('base64');
}

function asciiJson(answer: GuestAnswer): string {
  return JSON.stringify(answer).replace(/[^\x20-\x7e]/g, (letter) => {
    return `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/** Halves the lists that are only evidence; their totals stay true. */
function limited(answer: GuestAnswer): GuestAnswer {
  const { facts, before } = answer;
  return {
    ...answer,
    outcomes: answer.outcomes.map((outcome) => ({ ...outcome, wrote: firstHalf(outcome.wrote) })),
    before: before && { ...before, ...halves(before) },
    facts: facts && { ...facts, ...halves(facts) },
  };
}

/** Of the parts that are there: before the changes only some are told. */
function halves({
  events,
  failedLogons,
  appliedPolicies,
  firewallRules,
}: NonNullable<GuestAnswer['before']>) {
  return {
    ...(events && { events: { ...events, items: firstHalf(events.items) } }),
    ...(failedLogons && { failedLogons: { ...failedLogons, items: firstHalf(failedLogons.items) } }),
    ...(appliedPolicies && {
      appliedPolicies: { ...appliedPolicies, items: firstHalf(appliedPolicies.items) },
    }),
    ...(firewallRules && { firewallRules: { ...firewallRules, items: rulesKept(firewallRules.items) } }),
  };
}

function rulesKept(rules: Facts['firewallRules']['items']): Facts['firewallRules']['items'] {
  const isOwn = ({ name }: { name: string }): boolean => OWN_RULES.includes(name);
  return [...rules.filter(isOwn), ...firstHalf(rules.filter((rule) => !isOwn(rule)))];
}

function firstHalf<Item>(items: readonly Item[]): Item[] {
  return items.slice(0, Math.floor(items.length / 2));
}
