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
      ? [
          {
            words: 'The VM is stopped, with its original OS disk attached. Start it.',
            commands: startVm(record.vm),
          },
        ]
      : []),
    ...wayBack(record),
    ...(record.snapshot
      ? [
          inWords(
            `The original state of the OS disk is in the snapshot ${record.snapshot.id}, kept until ${record.snapshot.expiresAt}.`,
          ),
        ]
      : []),
    ...((kind === 'not-fixed' || kind === 'failed') && !record.rollback
      ? [
          inWords(
            'Open the serial console of the VM, or attach a copy of the OS disk to another VM, and follow docs/runbook.md manually from the first step that was not done.',
          ),
        ]
      : []),
    ...(kind === 'not-fixed' ? (record.outcome?.causes ?? []).map(guidanceFor) : []),
    ...(kind === 'set-by-policy'
      ? [
          {
            words:
              'Change the Group Policy named above in Active Directory, refresh the policies on the VM, and start the repair again.',
            commands: [{ tool: 'windows' as const, lines: ['gpupdate /force'] }],
          },
        ]
      : []),
    ...record.cleanup.leftovers.map((id) => inWords(`Not deleted yet (the janitor will try again): ${id}`)),
  ];
}

/** By a call, which compares first that nobody changed the VM since; and by hand. */
function wayBack({ id, vm, originalDisk }: RemediationRecord): Instruction[] {
  if (!originalDisk) return [];
  const { wayBack: known, keptUntil } = originalDisk;
  const byHand = {
    words: `${known ? 'To roll back manually' : 'To roll back to the original OS disk'}, until ${keptUntil}.`,
    commands: swapOsDisk(vm, originalDisk.id),
  };
  if (!known) return [byHand];
  const { writesSince } = known;
  const call = {
    words: `To roll back to the original OS disk, until ${keptUntil}. Everything Windows wrote since ${writesSince} is lost.`,
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
