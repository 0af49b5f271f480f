import { gunzipSync } from 'node:zlib';
import type { ScriptOutcome } from '../../../lab/windows/guest.ts';
import { guestAnswerSchema, type GuestAnswer } from '../../../shared/model/guest-answer.ts';

const RESULT = /^RDP-MEDIC-RESULT ([0-9a-f]{32}) (\d+) ([A-Za-z0-9+/=]+)$/m;

/** Whether a run got as far as its answer. */
export function hasAnswered({ stdout }: ScriptOutcome): boolean {
  return RESULT.test(stdout);
}

/** What a run answered, packed as it came. Throws unless it printed a result line. */
export function payloadOf({ stdout, stderr }: ScriptOutcome): string {
  const payload = RESULT.exec(stdout)?.[3];
  if (payload === undefined) throw new Error(`no result line\n${stdout}\n${stderr}`);
  return payload;
}

/** What a run answered, read by other means than the product's. */
export function answerOf(outcome: ScriptOutcome): GuestAnswer {
  return guestAnswerSchema.parse(
    JSON.parse(gunzipSync(Buffer.from(payloadOf(outcome), 'base64')).toString('utf8')),
  );
}
