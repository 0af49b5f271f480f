import { createHash } from 'node:crypto';
import { MedicError } from '../errors.ts';
import type { Change } from '../model/change.ts';
import type { Facts } from '../model/facts.ts';
import { composeScript } from './compose.ts';
import { applyParameters, type GuestParameters } from './parameters.ts';

/** The head of a script as it is composed. */
const PARAMETERS = /^\[CmdletBinding\(\)\]\nparam\(\n(?: {4}.*\n)+\)\n/m;
const DECLARED = /\[string\] \$(\w+)/g;
const NONCE_DIGITS = 32;

export interface StandAlone {
  /** All of it: its first line sets what would be parameters. */
  readonly text: string;
  /** By which it is taken back: the same for the same changes. */
  readonly nonce: string;
}

/**
 * `apply` with its changes in it, for a place that passes no parameters: the box of the portal's Run Command. Its first line sets
 * constants of a safe alphabet, the changes packed; no other line differs from script to script.
 * @throws MedicError `Internal` for more changes than the script takes, or a place that is none
 */
export function standAloneApply(
  changes: readonly Change[],
  scope: Facts['scope'],
  lun: number | undefined,
): StandAlone {
  const nonce = nonceOf(changes);
  const { parameters } = applyParameters({ nonce, scope, ...(lun === undefined ? {} : { lun }) }, changes);
  return { text: withConstants(composeScript('apply'), { ...parameters, Text: 'only' }), nonce };
}

function nonceOf(changes: readonly Change[]): string {
  return createHash('sha256').update(JSON.stringify(changes)).digest('hex').slice(0, NONCE_DIGITS);
}

function withConstants(script: string, parameters: GuestParameters): string {
  const [head = ''] = PARAMETERS.exec(script) ?? [];
  const declared = [...head.matchAll(DECLARED)].map(([, name = '']) => name);
  if (declared.length === 0 || declared.toSorted().join() !== Object.keys(parameters).toSorted().join())
    throw new MedicError('Internal', 'guest/apply.ps1 takes other parameters than are set here.');
  const constants = declared.map((name) => `$${name} = '${parameters[name] ?? ''}'`);
  return `${constants.join('; ')}\n${script.replace(head, '')}`;
}
