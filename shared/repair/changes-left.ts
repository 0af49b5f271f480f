import type { GuestAction } from '../model/finding.ts';
import type { ChangeLeft, RemediationRecord, StepRecord } from '../model/record.ts';
import { deleteRule, putPrefixes, startVm, swapOsDisk } from './azure-commands.ts';
import { isInWindows, thingOf, windowsBack } from './written.ts';

type Told = Pick<RemediationRecord, 'vm' | 'steps' | 'undo' | 'changedRules' | 'originalDisk' | 'cancelled'>;

/**
 * What is different from how the VM was found, oldest first, each with how to take it back: what the steps did, less what was taken
 * back. What was tried on a copy that is gone is not among it; what ended by itself, such as a restart, is, with nothing to take back.
 */
export function changesLeft(record: Told): ChangeLeft[] {
  const back = record.undo.flatMap(({ actions = [] }) => actions);
  const done = record.steps.flatMap((step) => actionsThatCount(step, record));
  return effects([...done, ...back]).map((action) => ({ ...action, ...takeBack(action, record) }));
}

/** Whether any of these is more than a passing thing: something that could be taken back. */
export function somethingStays(changes: readonly ChangeLeft[]): boolean {
  return changes.some((change) => change.takeBack !== '');
}

/** A rehearsal's disk is gone, and so is a copy that is not under the VM any more. */
function actionsThatCount({ id, actions }: StepRecord, record: Told): GuestAction[] {
  if (id === 'rehearsal') return [];
  const onOwnDisk = isBackOnOwnDisk(record);
  return actions.filter((action) => {
    if (action.what === 'swap-os-disk') return !onOwnDisk;
    return !(onOwnDisk && id === 'offline-repair' && isInWindows(action));
  });
}

/** Whether the VM stands on the disk it was found with: it never got another, or got its own back. */
function isBackOnOwnDisk({ steps, undo }: Told): boolean {
  const exchanged = steps.some(({ actions }) => actions.some(({ what }) => EXCHANGES.includes(what)));
  const back = undo.find(({ kind }) => kind === 'restore-os-disk');
  return back ? back.done : !exchanged;
}

const EXCHANGES: readonly string[] = ['swap-os-disk', 'rebuild-vm'];

/** Of several actions on one thing what they come to; nothing where they come to what was there before. */
function effects(actions: readonly GuestAction[]): GuestAction[] {
  const things = new Map<string, GuestAction>();
  for (const action of actions) {
    const thing = HAPPENS.includes(action.what) ? `${action.what} ${String(things.size)}` : thingIn(action);
    const first = things.get(thing);
    things.set(thing, first ? { ...action, before: first.before } : action);
  }
  return [...things.values()].filter(({ before, after, what }) => before !== after || passes(what));
}

/** What only happens: a second one is another one. */
const HAPPENS: readonly string[] = ['deallocate-vm', 'power-off-vm', 'restart-vm', 'rebuild-vm'];

/** What is told although nothing of it stays. */
function passes(what: string): boolean {
  return HAPPENS.includes(what) || what === 'restart service';
}

function thingIn(action: GuestAction): string {
  return action.what.endsWith('-security-rule')
    ? `security rule ${action.target.toLowerCase()}`
    : thingOf(action);
}

type Way = Pick<ChangeLeft, 'takeBack' | 'commands'>;
const NOTHING: Way = { takeBack: '', commands: [] };

function takeBack(action: GuestAction, record: Told): Way {
  switch (action.what) {
    case 'restart-vm':
      return NOTHING;
    case 'deallocate-vm':
    case 'power-off-vm':
      return staysDown(record) ? { takeBack: 'Start the VM.', commands: startVm(record.vm) } : NOTHING;
    case 'swap-os-disk':
    case 'rebuild-vm':
      return diskBack(action, record);
    case 'add-security-rule':
    case 'restrict-security-rule':
      return ruleBack(action, record);
    case 'change-public-address':
      return {
        takeBack:
          'The old address cannot be requested again. Update DNS names and rules that use it. A static address does not change.',
        commands: [],
      };
    default:
      return inWindows(action);
  }
}

function inWindows(action: GuestAction): Way {
  const { words, lines } = windowsBack(action);
  return { takeBack: words, commands: lines.length === 0 ? [] : [{ tool: 'windows', lines: [...lines] }] };
}

/** Whether the VM was left stopped, or could not be started again. */
export function staysDown({ undo, cancelled }: Pick<RemediationRecord, 'undo' | 'cancelled'>): boolean {
  const notStarted = undo.some(({ kind, done }) => kind === 'start-vm' && !done);
  return notStarted || cancelled?.leaveStopped === true;
}

function diskBack({ what, before }: GuestAction, record: Told): Way {
  if (isBackOnOwnDisk(record))
    return {
      takeBack:
        'The VM has its original disk. Set up again what the rebuild could not keep (listed in the plan).',
      commands: [],
    };
  const rebuilt = what === 'rebuild-vm' ? ' The plan lists what a rebuild cannot keep.' : '';
  return {
    takeBack: `Swap the original OS disk back in. Everything Windows wrote since then is lost.${rebuilt}`,
    commands: swapOsDisk(record.vm, record.originalDisk?.id ?? before ?? ''),
  };
}

function ruleBack({ target: id, before }: GuestAction, { changedRules = [] }: Told): Way {
  if (before === null) return { takeBack: 'Delete the rule.', commands: deleteRule(id) };
  const first = changedRules.find(({ after }) => after.id.toLowerCase() === id.toLowerCase())?.before;
  return first
    ? { takeBack: 'Restore the sources and destinations of the rule.', commands: putPrefixes(id, first) }
    : { takeBack: `Set it back to ${before}.`, commands: [] };
}
