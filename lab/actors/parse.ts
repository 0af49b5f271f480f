import type { FaultMatch } from '../faults/fault.ts';
import type { Actor, Deed, Moment } from './actor.ts';
import { isVerb, requireFitting, VERBS } from './deeds/index.ts';

/**
 * Reads actors from their compact form, several separated by `;`:
 *
 *     [<who>: ]<when> -> <deed>[, <deed>…][ on <VM>]
 *
 * - who: `oncall`, `watchdog` …; `somebody` without it
 * - when: the calls as faults have them, `[<from>[+<times>|+*] ][<METHOD>:]<action or *>[@<part of the path>]`, the deeds
 *   are done before the call is looked at; `after <calls>[ +<seconds>s]`: when one was granted;
 *   `once <calls>[ +<seconds>s]`: when what it began has been done; `in <seconds>s[ x<times>]`: so long from now, so
 *   often; `at <ISO 8601>`; `now`
 * - `~>` for `->`: the call meets the first deed still under way
 * - deed: a verb with its words and settings (`VERBS` in `deeds/index.ts` has them all): `start`, `resize Standard_D4s_v5`,
 *   `delete role:rescue-vm`, `rule allow-rdp sources=10.0.0.0/8,192.0.2.1`, `lock ReadOnly group`
 * - VM: where the call is about none, or about another
 *
 * Examples: `2 Microsoft.Compute/virtualMachines/deallocate/action@web-01 -> start`;
 * `watchdog: once *\/deallocate/action +90s -> start, deallocate`; `in 600s -> lock CanNotDelete group on web-01`
 * @throws SyntaxError that names the part it cannot read
 */
export function parseActors(text: string): Actor[] {
  return text
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map(parseActor);
}

const ACTOR =
  /^(?:(?<who>[a-z][\w.-]*): )?(?<when>.+?)\s+(?<arrow>->|~>)\s+(?<deeds>.+?)(?:\s+on\s+(?<target>\S+))?$/;

function parseActor(text: string): Actor {
  const { who = 'somebody', when, arrow, deeds, target } = ACTOR.exec(text)?.groups ?? {};
  if (when === undefined || deeds === undefined)
    throw new SyntaxError(`Not an actor: '${text}'. Expected [who: ]when -> deed[, deed][ on vm].`);
  const moment = parseMoment(when);
  if (arrow === '~>' && moment.kind !== 'before')
    throw new SyntaxError(`Only a call can meet a deed under way: '${text}'.`);
  return {
    who,
    when: moment,
    deeds: parseDeeds(deeds),
    ...(target !== undefined && { target }),
    ...(arrow === '~>' && { underWay: true }),
  };
}

const CALLS =
  /^(?:(?<kind>after|once)\s+)?(?:(?<from>\d+)?(?:\+(?<times>\d+|\*))?\s+)?(?:(?<method>[A-Z]+):)?(?<action>[^\s@]+)(?:@(?<resource>\S+))?(?:\s+\+(?<delay>\d+)s)?$/;

function parseMoment(text: string): Moment {
  if (text === 'now') return { kind: 'in', seconds: 0 };
  const span = /^in (?<seconds>\d+)s(?: x(?<times>\d+))?$/.exec(text)?.groups;
  if (span) {
    const { seconds, times } = span;
    return { kind: 'in', seconds: Number(seconds), ...(times !== undefined && { times: Number(times) }) };
  }
  const time = /^at (\S+)$/.exec(text)?.[1];
  if (time !== undefined) {
    if (Number.isNaN(Date.parse(time))) throw new SyntaxError(`Not a time: '${time}'.`);
    return { kind: 'at', time: Date.parse(time) };
  }
  const { kind, from, times, method, action, resource, delay } = CALLS.exec(text)?.groups ?? {};
  if (action === undefined || !/[/*]/.test(action))
    throw new SyntaxError(
      `Not a moment: '${text}'. Expected calls, after or once calls, in 90s, at a time, or now.`,
    );
  if (from === '0') throw new SyntaxError(`Calls are counted from 1: '${text}'.`);
  if (delay !== undefined && kind === undefined)
    throw new SyntaxError(`Before a call nothing can be delayed: '${text}'. Use after or once.`);
  const match: FaultMatch = {
    ...(action !== '*' && { action }),
    ...(method !== undefined && { method }),
    ...(resource !== undefined && { resource }),
  };
  const calls = {
    match,
    ...(from !== undefined && { from: Number(from) }),
    ...(times !== undefined && { times: times === '*' ? Infinity : Number(times) }),
  };
  if (kind !== 'after' && kind !== 'once') return { kind: 'before', ...calls };
  return { kind, ...calls, ...(delay !== undefined && { delaySeconds: Number(delay) }) };
}

/** Reads deeds alone, as an actor has them behind the arrow. @throws SyntaxError */
export function parseDeeds(text: string): Deed[] {
  return text.split(/,\s+/).map((part) => {
    const [verb = '', ...rest] = part.trim().split(/\s+/);
    if (!isVerb(verb))
      throw new SyntaxError(`Not a deed: '${part}'. Expected one of ${Object.keys(VERBS).join(', ')}.`);
    const isSetting = (word: string): boolean => word.includes('=');
    const deed: Deed = {
      verb,
      words: rest.filter((word) => !isSetting(word)),
      settings: Object.fromEntries(
        rest
          .filter(isSetting)
          .map((word) => [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)]),
      ),
    };
    requireFitting(deed);
    return deed;
  });
}

/** A deed as it is written. */
export function writeDeed({ verb, words, settings }: Deed): string {
  return [verb, ...words, ...Object.entries(settings).map(([name, value]) => `${name}=${value}`)].join(' ');
}
