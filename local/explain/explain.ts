import { CAUSES } from '../../shared/causes/index.ts';
import type { Cause, Look, RepairOptions } from '../../shared/causes/cause.ts';
import { readPasted } from '../../shared/guest/read-pasted.ts';
import { standAloneApply } from '../../shared/guest/stand-alone.ts';
import type { Change } from '../../shared/model/change.ts';
import type { Facts } from '../../shared/model/facts.ts';
import { judge } from '../../shared/repair/diagnosis.ts';
import { planChanges } from '../../shared/repair/plan-changes.ts';
import { plainName } from '../../shared/repair/plain-name.ts';
import { adviceLines, changeLines, findingLines, outcomeLines, windowsLine } from './lines.ts';

/** What is printed, and how it ended: 0 well, 1 there was nothing to explain or to do. */
export interface Explained {
  readonly output: string;
  readonly errors: string;
  readonly code: 0 | 1;
}

export interface ExplainOptions {
  /** The script that does the changes, instead of words. */
  readonly script: boolean;
  /** Where the disk is attached, for the script of one. */
  readonly lun: number | undefined;
}

/** A person knows no more than the facts say. */
const NOTHING_ELSE: RepairOptions = {
  legacyTls: false,
  newRdpPort: undefined,
  portHeldByOther: false,
  agentAnswers: false,
};

/**
 * Judges what a guest answered, and says what was found and what would be done; or gives the script that does it.
 * @throws MedicError `GuestResultMissing` for a text that holds neither facts nor an answer
 */
export function explain(text: string, { script, lun }: ExplainOptions): Explained {
  const { error, outcomes, facts } = readPasted(text);
  const said = [
    ...outcomeLines(outcomes),
    ...(error === null ? [] : [`The script failed: ${error.code} ${plainName(error.message)}`]),
  ];
  if (facts === null)
    return { output: '', errors: joined([...said, 'The input contains no facts.']), code: 1 };
  const look: Look = { facts, done: [], options: NOTHING_ELSE };
  const { findings, faults } = judge(look);
  const causes = CAUSES.filter(({ id }) => faults.includes(id));
  const changes = planChanges(look, causes);
  if (script) return asScript(facts, changes, lun);
  const lines = [
    ...said,
    windowsLine(facts),
    '',
    ...findingLines(findings),
    '',
    ...changeLines(
      changes,
      causes.filter((cause) => mends(cause, look)),
    ),
    ...adviceLines(causes.filter((cause) => !mends(cause, look))),
  ];
  return { output: joined(lines), errors: '', code: 0 };
}

function mends(cause: Cause, look: Look): boolean {
  return cause.repair(look).length > 0;
}

function asScript({ scope }: Facts, changes: readonly Change[], lun: number | undefined): Explained {
  if (changes.length === 0)
    return { output: '', errors: joined(['There is nothing for a script to repair.']), code: 1 };
  if (scope === 'offline' && lun === undefined)
    return {
      output: '',
      errors: joined(['These facts are from a disk: pass --lun <number> to say where it is attached.']),
      code: 1,
    };
  const { text, nonce } = standAloneApply(changes, scope, scope === 'offline' ? lun : undefined);
  const back = scope === 'online' ? [`To undo: apply.ps1 -Undo ${nonce}`] : [];
  return { output: text, errors: joined([`Number of changes: ${changes.length}.`, ...back]), code: 0 };
}

function joined(lines: readonly string[]): string {
  return `${lines.join('\n').trimEnd()}\n`;
}
