import type { VerbChange } from '../../../../shared/model/change.ts';
import type { ServiceView } from '../../machine.ts';
import { isOwed } from '../journal.ts';
import { becomesServed, isPort, portOf } from '../ports.ts';
import { attempt, noteData, type Run } from '../run.ts';
import { restartServices, serviceRow, type RestartWord } from '../services.ts';
import { settleGaveWay } from './take-port.ts';

type Restart = Extract<VerbChange, { do: 'Restart-RdpServices' }>;
const SET = 'CurrentControlSet';

/**
 * Restarts RDP's services once: another process than the facts knew has been restarted since, unless a restart is
 * owed. Twin of `guest/lib/verbs/restart-rdp-services.ps1`.
 */
export async function restartRdpServices(
  run: Run,
  { services, pids }: Restart,
): Promise<RestartWord | 'stands'> {
  const mustAll = run.byHand || isOwed(run, 'restart');
  const isDone = ({ name, state, pid }: ServiceView): boolean =>
    !mustAll && state === 'Running' && pid !== pids[services.findIndex((one) => one === name)];
  const rows = services.flatMap((name) => serviceRow(run, name) ?? []);
  if (rows.length === services.length && rows.every(isDone)) {
    await settleGaveWay(run, SET);
    return 'stands';
  }
  const word = await restartServices(run, services, isDone);
  if (word !== 'restarted') return word;
  const port = portOf(run, SET);
  // Without WMI nobody can tell who listens.
  await attempt(run, async () => {
    noteData(run, 'listens', isPort(port) && (await becomesServed(run, port)));
  });
  await settleGaveWay(run, SET);
  return word;
}
