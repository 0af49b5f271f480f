import { causeOf } from '../causes/catalogue.ts';
import type { CauseId } from '../model/cause.ts';
import type { Instruction } from '../model/commands.ts';
import type { OutcomeKind, RemediationRecord } from '../model/record.ts';
import { startVm, swapOsDisk } from './azure-commands.ts';

/** Adds to a record what a person does next: all of it in words, and what can be typed as commands beside. */
export function advise(record: RemediationRecord, given: readonly Instruction[]): void {
  record.advice.push(...given.map(({ words }) => words));
  const typed = given.filter(({ commands }) => commands.length > 0);
  if (typed.length > 0) record.instructions = [...(record.instructions ?? []), ...typed];
}

/** Something that only words tell. */
export function inWords(words: string): Instruction {
  return { words, commands: [] };
}

/** What the operator does next: the VM's state, the way back, what to type. */
export function adviceFor(kind: OutcomeKind, record: RemediationRecord): Instruction[] {
  const notTakenBack = record.undo.filter(({ done }) => !done).map(({ kind }) => kind);
  const onlyStopped = notTakenBack.includes('start-vm') && !notTakenBack.includes('restore-os-disk');
  return [
    ...(onlyStopped
      ? [{ words: 'The VM has its own disk and is not running. Start it.', commands: startVm(record.vm) }]
      : []),
    ...wayBack(record),
    ...(record.snapshot
      ? [
          inWords(
            `The OS disk as it was found is in the snapshot ${record.snapshot.id}, kept until ${record.snapshot.expiresAt}.`,
          ),
        ]
      : []),
    ...((kind === 'not-fixed' || kind === 'failed') && !record.rollback
      ? [
          inWords(
            'Open the serial console of the VM, or attach the snapshot to another VM, and follow docs/runbook.md by hand from the first step that is not done.',
          ),
        ]
      : []),
    ...(kind === 'not-fixed' ? (record.outcome?.causes ?? []).map(guidanceFor) : []),
    ...(kind === 'set-by-policy'
      ? [
          {
            words:
              'Change the policy named above in Active Directory, refresh the policies on the VM, and start the repair once more.',
            commands: [{ tool: 'windows' as const, lines: ['gpupdate /force'] }],
          },
        ]
      : []),
    ...record.cleanup.leftovers.map((id) => inWords(`Left behind, the janitor will try again: ${id}`)),
  ];
}

/** By a call, which compares first that nobody changed the VM since; and by hand. */
function wayBack({ id, vm, originalDisk }: RemediationRecord): Instruction[] {
  if (!originalDisk) return [];
  const { wayBack: known, keptUntil } = originalDisk;
  const byHand = {
    words: `${known ? 'The same by hand' : 'To go back to the disk from before'}, until ${keptUntil}.`,
    commands: swapOsDisk(vm, originalDisk.id),
  };
  if (!known) return [byHand];
  const { writesSince } = known;
  const call = {
    words: `To go back to the disk from before, until ${keptUntil}: what Windows wrote since ${writesSince} is given up.`,
    commands: [
      { tool: 'rdp-medic' as const, lines: [`rdp-medic rollback ${id} --accept-loss ${writesSince}`] },
      {
        tool: 'http' as const,
        lines: [`POST /api/remediations/${id}/rollback`, JSON.stringify({ acceptLoss: writesSince })],
      },
    ],
  };
  return [call, byHand];
}

/** What the runbook says of a cause that was found and is still there. */
function guidanceFor(id: CauseId): Instruction {
  const { title, words } = causeOf(id);
  return inWords(`${title}: ${words.guidance}`);
}
