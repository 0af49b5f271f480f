import { createHash } from 'node:crypto';
import type { Change, OutcomeOfChange } from '../../../shared/model/change.ts';
import { factsSchema, type Facts } from '../../../shared/model/facts.ts';
import type { GuestAnswer } from '../../../shared/model/guest-answer.ts';
import type { Machine } from '../machine.ts';
import { allowedChanges, inflated, recipeOf, requireSets } from './allowed.ts';
import { answering, ScriptError } from './answer.ts';
import { unreadOf } from './failure.ts';
import { onDisk } from './disk-session.ts';
import { readFacts } from './facts.ts';
import { runningWindows, type OpenedWindows } from './opened-windows.ts';
import { applyPlain } from './plain.ts';
import type { Run } from './run.ts';
import type { Twin } from './twin.ts';
import { undoRun } from './undo.ts';
import { refreshPolicy } from './verbs/refresh-policy.ts';
import { renewCertificate } from './verbs/renew-certificate.ts';
import { repairKeyAccess } from './verbs/repair-key-access.ts';
import { restartRdpServices } from './verbs/restart-rdp-services.ts';
import { setFirewallRule } from './verbs/set-firewall-rule.ts';
import { setSerialConsole } from './verbs/set-serial-console.ts';
import { setServiceStart } from './verbs/set-service-start.ts';
import { takePort } from './verbs/take-port.ts';

/** Seconds after which a verb gives up by itself, as `VERBS` has them. */
const DEADLINES: Readonly<Record<Change['do'], number>> = {
  registry: 60,
  'Take-Port': 240,
  'Restart-RdpServices': 180,
  'Repair-KeyAccess': 60,
  'Renew-Certificate': 240,
  'Set-ServiceStart': 120,
  'Set-FirewallRule': 60,
  'Refresh-Policy': 300,
  'Set-SerialConsole': 60,
};
/** Verbs that restart RDP's services for what was written before them. */
const RESTARTS: readonly Change['do'][] = ['Restart-RdpServices', 'Renew-Certificate', 'Take-Port'];

/** What is to be done, as the parameters say it: checked as far as it can be before a disk is touched. */
export interface Task {
  changes: Change[];
  undo: string;
  recipe: string;
  hash: string;
  lookFirst: boolean;
}

/** Twin of the beginning of `guest/apply.ps1`. */
export function taskOf(
  text: string,
  parameters: Readonly<Record<string, string>>,
  scope: OpenedWindows['scope'],
): Task {
  const { Changes: packed = '', Undo: undo = '', Recipe: recipe = '' } = parameters;
  const lookFirst = parameters['LookFirst'] === 'yes';
  if ([packed, undo, recipe].filter((given) => given !== '').length !== 1)
    throw new ScriptError('ParameterInvalid', 'one of Changes, Undo and Recipe is to be given');
  if (undo !== '' && scope === 'offline')
    throw new ScriptError('ParameterInvalid', 'a copy of a disk is thrown away, not taken back');
  if (lookFirst && (packed === '' || scope !== 'offline'))
    throw new ScriptError('ParameterInvalid', 'only a disk that is changed is looked at first');
  if (packed === '') return { changes: [], undo, recipe, hash: '', lookFirst };
  const json = inflated(packed);
  const hash = createHash('sha256').update(json).digest('hex').toUpperCase();
  return { changes: allowedChanges(json, text, scope), undo, recipe, hash, lookFirst };
}

/** Carries the task out on a Windows; what ended how goes into the answer one by one. Gives back what Windows was, where that is asked. */
async function carryOut(
  machine: Machine,
  windows: OpenedWindows,
  task: Task,
  text: string,
  answer: GuestAnswer,
): Promise<Facts | undefined> {
  const byHand = task.recipe !== '';
  const run: Run = {
    machine,
    windows,
    nonce: answer.nonce,
    byHand,
    restartFollows: false,
    patience: DEADLINES['Take-Port'],
    wrote: [],
    data: [],
  };
  if (task.undo !== '') {
    await undoRun(run, task.undo, answer.outcomes);
    return undefined;
  }
  const changes = byHand ? recipeOf(text, task.recipe, windows) : task.changes;
  requireSets(changes, windows);
  const before = task.lookFirst ? await readFacts(machine, windows, text) : undefined;
  for (const [index, change] of changes.entries()) {
    const later = changes.slice(index + 1);
    answer.outcomes.push(await applyOne(run, index, change, later));
  }
  return before;
}

/** `Select-Departed`: the parts that are otherwise afterwards, as they were. */
function departed(before: Facts, after: Facts): NonNullable<GuestAnswer['before']> {
  const differs = (part: keyof Facts): boolean =>
    JSON.stringify(before[part]) !== JSON.stringify(after[part]);
  return factsSchema
    .keyof()
    .options.filter(differs)
    .map((part) => ({ part, was: before[part] }));
}

async function applyOne(
  run: Run,
  index: number,
  change: Change,
  later: readonly Change[],
): Promise<OutcomeOfChange> {
  run.restartFollows = later.some((one) => RESTARTS.includes(one.do));
  run.patience = DEADLINES[change.do];
  run.wrote = [];
  run.data = [];
  let word = 'refused';
  let error: OutcomeOfChange['error'] = null;
  try {
    word = await perform(run, change);
  } catch (thrown) {
    // A failing change does not end the run, and does not take back what is known of it.
    error = unreadOf(run.machine, thrown);
  }
  return { change: index, do: change.do, word, wrote: run.wrote, data: run.data, error };
}

function perform(run: Run, change: Change): string | Promise<string> {
  switch (change.do) {
    case 'registry':
      return applyPlain(run, change);
    case 'Take-Port':
      return takePort(run, change);
    case 'Restart-RdpServices':
      return restartRdpServices(run, change);
    case 'Repair-KeyAccess':
      return repairKeyAccess(run, change);
    case 'Renew-Certificate':
      return renewCertificate(run, change);
    case 'Set-ServiceStart':
      return setServiceStart(run, change);
    case 'Set-FirewallRule':
      return setFirewallRule(run, change);
    case 'Refresh-Policy':
      return refreshPolicy(run);
    case 'Set-SerialConsole':
      return setSerialConsole(run);
  }
}

/** `guest/apply.ps1`. */
export const applyTwin: Twin = (machine, { text, parameters }) => {
  const { Nonce: nonce = '', Scope: scope = '', Lun: lun = '' } = parameters;
  return answering('apply', nonce, async (answer) => {
    const isOffline = scope === 'offline';
    if (isOffline && lun === '') throw new ScriptError('ParameterInvalid', 'an offline run needs the LUN');
    const task = taskOf(text, parameters, isOffline ? 'offline' : 'online');
    answer.hash = task.hash;
    const work = async (windows: OpenedWindows): Promise<void> => {
      const before = await carryOut(machine, windows, task, text, answer);
      answer.facts = await readFacts(machine, windows, text);
      if (before) answer.before = departed(before, answer.facts);
    };
    await (isOffline ? onDisk(machine, parameters, work) : work(runningWindows(machine)));
  });
};
