import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import type { ScaledTime } from '../../../lab/clock/scaled.ts';
import { remediationRecordSchema, type RemediationRecord } from '../../../shared/model/record.ts';

const ROOT = join(import.meta.dirname, '../../..');
const hostLine = z.object({ url: z.string(), functionKey: z.string() });
const startedSchema = z.object({ id: z.string() });

/** The app in a host process of its own. */
export interface Host {
  url: string;
  key: string;
  process: ChildProcess;
}

/**
 * Starts one; its timers fire by its own clock.
 * @param statePath file in which the durable engine keeps its state: another file is another, empty task hub
 */
export async function startHostProcess(
  statePath: string,
  settings: Record<string, string>,
  { epoch, startedAtRealMs, rate }: ScaledTime,
): Promise<Host> {
  const child = spawn(
    process.execPath,
    [
      'local/host/main.ts',
      '--entry',
      join(ROOT, 'functions/index.ts'),
      '--host-json',
      join(ROOT, 'host.json'),
      '--state',
      statePath,
    ],
    {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'ignore'] as const,
      env: {
        ...process.env,
        ...settings,
        RDP_MEDIC_CLOCK: [epoch, startedAtRealMs, rate].join(','),
      },
    },
  );
  const [line]: unknown[] = await once(createInterface({ input: child.stdout }), 'line');
  const { url, functionKey } = hostLine.parse(JSON.parse(String(line)));
  return { url, key: functionKey, process: child };
}

/** Without a word of warning, by its own process id. */
export async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

export async function startRemediation({ url, key }: Host, vmId: string): Promise<string> {
  const answer = await fetch(`${url}/api/remediations`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-functions-key': key },
    body: JSON.stringify({ vmId }),
  });
  return startedSchema.parse(await answer.json()).id;
}

/** The record of a remediation once it has ended. */
export async function ended({ url, key }: Host, id: string): Promise<RemediationRecord> {
  for (;;) {
    const answer = await fetch(`${url}/api/remediations/${id}`, { headers: { 'x-functions-key': key } });
    const record = remediationRecordSchema.safeParse(await answer.json());
    if (record.success && record.data.endedAt !== undefined) return record.data;
    await sleep(100);
  }
}
