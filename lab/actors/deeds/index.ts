import type { Deed } from '../actor.ts';
import { DISK_DEEDS } from './disks.ts';
import { GOVERNANCE } from './governance.ts';
import { LIFECYCLE } from './lifecycle.ts';
import { NETWORK } from './network.ts';
import { POWER } from './power.ts';
import type { VerbEntry } from './verb.ts';

const TABLE = { ...POWER, ...DISK_DEEDS, ...NETWORK, ...GOVERNANCE, ...LIFECYCLE };

export type Verb = keyof typeof TABLE;

/** All that can be done, by its verb. */
export const VERBS: Readonly<Record<Verb, VerbEntry>> = TABLE;

export function isVerb(text: string): text is Verb {
  return Object.hasOwn(VERBS, text);
}

/** @throws SyntaxError when a deed has too few or too many words, or lacks its settings */
export function requireFitting({ verb, words, settings }: Deed): void {
  const { usage, words: range, needsSettings } = VERBS[verb];
  const [least, most] = range;
  if (words.length < least || words.length > most || (needsSettings && Object.keys(settings).length === 0))
    throw new SyntaxError(`Not a whole deed: '${[verb, ...words].join(' ')}'. Expected ${usage}.`);
}
