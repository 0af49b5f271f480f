import { WIN32 } from '../../machine/errors.ts';
import { ScriptError } from '../answer.ts';
import { settle, writeValue } from '../journal.ts';
import { attempt, hiveKey, noteData, noteWritten, type Run } from '../run.ts';
import { startService } from '../services.ts';
import { isSame, readValue } from '../values.ts';

type Word = 'refreshed' | 'needs-restart' | 'no-domain-controller' | 'needs-answer' | 'timed-out' | 'refused';
const AUTOMATIC = { kind: 'DWord', data: 2 } as const;
const WAIT_SECONDS = 240;
/** Events of Group Policy that say that no domain controller was in reach. */
const PROVIDER = 'Microsoft-Windows-GroupPolicy';
const UNREACHABLE = [1006, 1054, 1055, 1058, 1129];

/** Twin of `guest/lib/verbs/refresh-policy.ps1`. */
export async function refreshPolicy(run: Run): Promise<Word> {
  const key = `${hiveKey(run, 'CurrentControlSet')}\\Services\\gpsvc`;
  if (!isSame(readValue(run.machine, key, 'Start'), AUTOMATIC)) writeValue(run, key, 'Start', AUTOMATIC);
  const started = await startService(run, 'gpsvc');
  if (started.code !== 0) {
    noteData(run, 'code', started.code);
    // Windows may remember "disabled" until it starts again.
    if (started.code === WIN32.serviceDisabled) return 'needs-restart';
    throw new ScriptError('ServiceStartFailed', `gpsvc: ${started.text}`);
  }
  settle(run, 'group-policy');
  const { events, policy } = run.machine;
  const since = run.machine.now();
  let ended = { asked: false, isDone: false };
  const failure = await attempt(run, async () => {
    ended = await policy.refresh({ answer: 'n', waitSeconds: WAIT_SECONDS });
  });
  if (failure) {
    const seen = events.query({ log: 'System', ids: UNREACHABLE, provider: PROVIDER, since, max: 1 });
    return seen.length > 0 ? 'no-domain-controller' : 'refused';
  }
  if (!ended.isDone) return 'timed-out';
  noteWritten(run, 'policy', 'computer', null, 'refreshed');
  return ended.asked ? 'needs-answer' : 'refreshed';
}
