import { runningDependents } from '../commands/dependents.ts';
import { same } from '../lookup.ts';
import type { ServiceStartType, ServiceView } from '../machine.ts';
import { WIN32, WindowsError } from '../machine/errors.ts';
import { ScriptError } from './answer.ts';
import { begin, owe, settle } from './journal.ts';
import { attempt, noteData, noteWritten, waitUntil, type Run } from './run.ts';

const STOP_SECONDS = 30;
const END_SECONDS = 10;
const START_SECONDS = 60;

export type RestartWord = 'restarted' | 'start-failed' | 'hung' | 'disabled' | 'refused';

/** What Windows said to a start; code 0: it runs. */
interface Started {
  code: number;
  text: string;
}

/** Without WMI nobody tells the process. Twin of `guest/lib/services.ps1`. */
export function serviceRow({ machine }: Run, name: string): ServiceView | undefined {
  const row = machine.services.get(name);
  return row && !machine.info.wmiWorks ? { ...row, pid: 0 } : row;
}

/** Services that stop with this one, running ones alone. */
export function dependentsOf(run: Run, name: string): string[] {
  return runningDependents(run.machine, name);
}

/**
 * Stops a service with those that need it, and whether it has stopped. One that hangs loses its process, unless
 * others live in it. Throws what Windows refuses.
 */
export async function stopService(run: Run, name: string): Promise<boolean> {
  const { services, processes } = run.machine;
  const row = serviceRow(run, name);
  if (!row || row.state === 'Stopped') return true;
  const dependents = dependentsOf(run, name);
  if (row.state !== 'StopPending') await services.stop(name, { force: true, wait: false });
  const hasStopped = (): boolean => {
    const now = serviceRow(run, name);
    return now?.state === 'Stopped' || now?.pid !== row.pid;
  };
  if (await waitUntil(run, STOP_SECONDS, hasStopped)) return true;
  if (row.pid <= 4) return false;
  const others = services
    .list()
    .filter((one) => one.pid === row.pid && !same(one.name, name) && !dependents.includes(one.name));
  if (others.length > 0) return false;
  await processes.stop(row.pid);
  return waitUntil(run, END_SECONDS, hasStopped);
}

/** Starts a service and waits for it. */
export async function startService(run: Run, name: string): Promise<Started> {
  const row = serviceRow(run, name);
  if (row?.state === 'Running') return { code: 0, text: '' };
  if (row?.state !== 'StartPending') {
    try {
      await run.machine.services.start(name, { wait: false });
    } catch (error) {
      if (error instanceof WindowsError) return { code: error.code, text: error.message };
      throw error;
    }
  }
  const isUp = await waitUntil(run, START_SECONDS, () => serviceRow(run, name)?.state === 'Running');
  return isUp
    ? { code: 0, text: '' }
    : { code: WIN32.serviceRequestTimeout, text: `${name} did not start in time` };
}

/** Sets a start type unless it is the one, with its entry in the journal. */
export function setStartType(run: Run, { name, startType }: ServiceView, wanted: ServiceStartType): void {
  if (startType === wanted) return;
  begin(run, ['what=service-start', `target=${name}`, `before=${startType}`, `after=${wanted}`]);
  run.machine.services.configure(name, { startType: wanted });
  noteWritten(run, 'service-start', name, startType, wanted);
}

/**
 * Restarts services of RDP in the order SessionEnv, TermService; UmRdpService comes along. What is not done stays
 * owed. `isDone`: those restarted already.
 */
export async function restartServices(
  run: Run,
  wanted: readonly string[],
  isDone: (service: ServiceView) => boolean = () => false,
): Promise<RestartWord> {
  owe(run, 'restart');
  let ended: RestartWord = 'restarted';
  // TermService takes up what there is, also where SessionEnv could not be restarted.
  for (const name of ['SessionEnv', 'TermService'].filter((one) => wanted.includes(one))) {
    const row = serviceRow(run, name);
    if (!row) throw new ScriptError('ServiceMissing', `there is no service ${name}`);
    if (isDone(row)) continue;
    const word = await tryRestart(run, row);
    if (word === 'restarted') continue;
    noteData(run, 'service', name);
    ended = word;
  }
  if (ended === 'restarted' && !run.restartFollows) settle(run, 'restart');
  return ended;
}

/** What Windows refuses is a word of its own: the other service must still have its turn. */
async function tryRestart(run: Run, row: ServiceView): Promise<RestartWord> {
  let word: RestartWord = 'refused';
  const failure = await attempt(run, async () => {
    word = await restartOne(run, row);
  });
  if (failure) noteData(run, 'code', failure.code);
  return word;
}

async function restartOne(run: Run, { name, state, startType }: ServiceView): Promise<RestartWord> {
  if (startType === 'Disabled') return 'disabled';
  if (!(await stopService(run, name))) return 'hung';
  const started = await startService(run, name);
  if (started.code !== 0) {
    noteData(run, 'code', started.code);
    return 'start-failed';
  }
  noteWritten(run, 'restart', name, state, 'Running');
  if (name === 'TermService') await startService(run, 'UmRdpService');
  return 'restarted';
}
