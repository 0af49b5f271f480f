import type { Actor, Moment } from './actor.ts';
import { writeDeed } from './parse.ts';

/** Actors as `parseActors` reads them. */
export function writeActors(actors: readonly Actor[]): string {
  return actors.map(writeActor).join('; ');
}

function writeActor({ who, when, deeds, target, underWay }: Actor): string {
  const arrow = underWay === true ? '~>' : '->';
  const on = target === undefined ? '' : ` on ${target}`;
  return `${who}: ${writeMoment(when)} ${arrow} ${deeds.map(writeDeed).join(', ')}${on}`;
}

function writeMoment(when: Moment): string {
  if (when.kind === 'at') return `at ${new Date(when.time).toISOString()}`;
  if (when.kind === 'in')
    return `in ${String(when.seconds)}s${when.times === undefined ? '' : ` x${String(when.times)}`}`;
  const { kind, match, from, times } = when;
  const { method, action = '*', resource } = match;
  const count = `${from === undefined ? '' : String(from)}${times === undefined ? '' : `+${Number.isFinite(times) ? String(times) : '*'}`}`;
  return [
    ...(kind === 'before' ? [] : [kind]),
    ...(count === '' ? [] : [count]),
    `${method === undefined ? '' : `${method}:`}${action}${resource === undefined ? '' : `@${resource}`}`,
    ...(kind === 'before' || when.delaySeconds === undefined ? [] : [`+${String(when.delaySeconds)}s`]),
  ].join(' ');
}
