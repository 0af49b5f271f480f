import { CANDIDATE_PORTS, type VerbChange } from '../../../../shared/model/change.ts';
import { ScriptError } from '../answer.ts';
import { gaveWay, isOwed, putGaveWay, writeValue } from '../journal.ts';
import { begin } from '../journal.ts';
import {
  becomesServed,
  canStop,
  foreignOwners,
  isExcluded,
  isFree,
  isPort,
  isServed,
  portOf,
  RDP_TCP,
  type Owner,
} from '../ports.ts';
import { alignRules } from '../rules.ts';
import { attempt, hiveKey, isOnline, noteData, noteWritten, type Run } from '../run.ts';
import {
  dependentsOf,
  restartServices,
  serviceRow,
  setStartType,
  startService,
  stopService,
} from '../services.ts';

type TakePort = Extract<VerbChange, { do: 'Take-Port' }>;
type Word = 'stands' | 'freed' | 'moved' | 'no-free-port' | 'not-served';

/** Makes RDP the only one on its port, or moves it away. Twin of `guest/lib/verbs/take-port.ps1`. */
export async function takePort(run: Run, change: TakePort): Promise<Word> {
  if (!isOnline(run)) return moveOnDisk(run, change);
  const port = portOf(run, change.set);
  // Moved by a run of ours that was cut off, or by somebody else.
  const wasMoved = port !== change.port;
  if (wasMoved && port !== change.to && !CANDIDATE_PORTS.includes(port))
    throw new ScriptError('PortChanged', `PortNumber is ${String(port)} by now`);
  if (isPort(port) && isServed(run, port) && !isOwed(run, 'restart'))
    return end(run, change, port, wasMoved ? 'moved' : 'stands');
  if (isPort(port) && !(await isExcluded(run, port))) {
    const owners = foreignOwners(run, port);
    if ((!wasMoved || owners.length === 0) && (await stopOwners(run, port, owners))) {
      alignRules(run, change.set, port);
      await restartServices(run, ['TermService']);
      if (await becomesServed(run, port)) return end(run, change, port, wasMoved ? 'moved' : 'freed');
    }
  }
  return move(run, change);
}

/** Whoever gave way is given back where RDP is elsewhere by now; where it has the port they stay stopped. */
async function end(run: Run, change: TakePort, port: number, word: Word): Promise<Word> {
  if (port !== change.port) noteData(run, 'newPort', port);
  await settleGaveWay(run, change.set);
  return word;
}

/** Whether all of them gave the port up. The start type first: cut off in between, the port is still seen as taken. */
async function stopOwners(run: Run, port: number, owners: readonly Owner[]): Promise<boolean> {
  if (!owners.every((owner) => canStop(run, owner))) return false;
  for (const { name } of owners.flatMap(({ services }) => services)) {
    const names = [...dependentsOf(run, name), name];
    const known = gaveWay(run);
    const rows = names.flatMap((one) => serviceRow(run, one) ?? []);
    const more = rows
      .filter((row) => !known.some((line) => line.startsWith(`${row.name}=`)))
      .map((row) => `${row.name}=${row.startType}`);
    if (more.length > 0) putGaveWay(run, [...(known.length > 0 ? known : [`port=${String(port)}`]), ...more]);
    const failure = await attempt(run, async () => {
      for (const row of rows) if (row.startType === 'Automatic') setStartType(run, row, 'Manual');
      for (const row of rows) begin(run, ['what=service-stop', `target=${row.name}`]);
      if (!(await stopService(run, name))) throw new ScriptError('ServiceHangs', name);
    });
    if (failure) {
      noteData(run, 'notStopped', name);
      return false;
    }
    for (const row of rows) noteWritten(run, 'service-stop', row.name, 'Running', 'Stopped');
  }
  return true;
}

/** The rules first: killed after them, a rerun still finds the old port taken and moves on. */
async function move(run: Run, change: TakePort): Promise<Word> {
  const { set, to } = change;
  const port = portOf(run, set);
  const candidates = to === 0 ? CANDIDATE_PORTS : [to];
  let target: number | undefined;
  for (const candidate of candidates) if ((await isFree(run, candidate)) && (target ??= candidate)) break;
  if (target === undefined) {
    await giveBack(run);
    return 'no-free-port';
  }
  const goal = target;
  const failure = await attempt(run, () => {
    alignRules(run, set, goal);
    writeValue(run, `${hiveKey(run, set)}\\${RDP_TCP}`, 'PortNumber', { kind: 'DWord', data: goal });
  });
  if (failure) {
    if (isPort(port))
      await attempt(run, () => {
        alignRules(run, set, port);
      });
    await giveBack(run);
    throw failure.thrown;
  }
  noteData(run, 'newPort', goal);
  const restarted = await restartServices(run, ['TermService']);
  const served = restarted === 'restarted' && (await becomesServed(run, goal));
  await giveBack(run);
  return served ? 'moved' : 'not-served';
}

/** Nobody listens on a disk: RDP is set to the port asked for. */
function moveOnDisk(run: Run, { set, port, to }: TakePort): Word {
  if (!isPort(to)) throw new ScriptError('PortMissing', 'on a disk the port to move to must be named');
  const before = run.wrote.length;
  alignRules(run, set, to);
  if (portOf(run, set) !== to)
    writeValue(run, `${hiveKey(run, set)}\\${RDP_TCP}`, 'PortNumber', { kind: 'DWord', data: to });
  if (to !== port) noteData(run, 'newPort', to);
  return run.wrote.length === before ? 'stands' : 'moved';
}

/** After a restart of RDP: gives back what gave way for a port that RDP is no longer set to. */
export async function settleGaveWay(run: Run, set: string): Promise<void> {
  const lines = gaveWay(run);
  if (lines.length === 0) return;
  if (lines.includes(`port=${String(portOf(run, set))}`)) putGaveWay(run, []);
  else await giveBack(run);
}

async function giveBack(run: Run): Promise<void> {
  for (const line of gaveWay(run).toReversed()) {
    const [name = '', startType] = line.split('=');
    const row = name === 'port' ? undefined : serviceRow(run, name);
    if (!row) continue;
    const failure = await attempt(run, async () => {
      if (startType === 'Automatic') setStartType(run, row, 'Automatic');
      if (row.state !== 'Stopped') return;
      const started = await startService(run, row.name);
      if (started.code !== 0) throw new ScriptError('ServiceStartFailed', row.name);
      noteWritten(run, 'service-run', row.name, 'Stopped', 'Running');
    });
    if (failure) noteData(run, 'notGivenBack', row.name);
  }
  putGaveWay(run, []);
}
