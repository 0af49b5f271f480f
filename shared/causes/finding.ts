import type { Finding } from '../model/finding.ts';
import type { Cause, Done, Look } from './cause.ts';

type Data = Finding['data'];

/** Makes findings of a cause (of none: `undefined`) in its own words; `detail` where a code has more than one thing to say. */
export function findingsOf<Code extends string>(
  cause: string | undefined,
  words: Readonly<Record<Code, string>>,
) {
  return (
    code: Code,
    severity: Finding['severity'],
    data: Data = {},
    detail: string = words[code],
  ): Finding => ({
    ...(cause === undefined ? {} : { cause }),
    code,
    severity,
    detail,
    data,
  });
}

export function isFault({ severity }: Finding): boolean {
  return severity === 'fault';
}

/** A repair that gives nothing where its cause has no fault. */
export function whereFaulty(detect: Cause['detect'], repair: Cause['repair']): Cause['repair'] {
  return (look) => (detect(look).some(isFault) ? repair(look) : []);
}

/** How the latest change of a verb ended in this remediation. */
export function lastOutcome({ done }: Look, verb: Done['change']['do']): Done | undefined {
  return done.findLast(({ change }) => change.do === verb);
}

/** A part of the facts that could not be read at all. */
export function isUnread({ facts }: Look, what: string): boolean {
  return facts.unread.some((part) => part.what === what);
}
