import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { LAB_SUBSCRIPTION } from '../../lab/arm/start-lab.ts';
import { createScaledClock } from '../../lab/clock/scaled.ts';
import { PACKAGE_ROOT } from '../../shared/package-root.ts';
import { policySchema } from '../../shared/repair/policy/schema.ts';
import { startAzurite } from '../azurite.ts';
import { openStage, type Stage, type StageOptions } from '../stage.ts';

/** Azurite, lab and host, on a clock that runs faster than real time. */
export interface Performance {
  stage: Stage;
  close(): Promise<void>;
}

/**
 * Opens the stage in a folder of its own, emptied first: the lab's fleet is broken afresh each time, so what the
 * durable engine knew of an earlier one would be about VMs that are no more.
 * @param rate seconds of lab time in one real second
 */
export async function openPerformance(
  folder: string,
  rate: number,
  options: Pick<StageOptions, 'port' | 'timerTriggers'> = {},
): Promise<Performance> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const azurite = await startAzurite();
  const startedAtRealMs = Date.now();
  const clock = createScaledClock({ epoch: startedAtRealMs, startedAtRealMs, rate });
  try {
    const stage = await openStage({
      clock,
      folder,
      storage: azurite.connectionString(),
      policy: demoPolicy(),
      // As an engineer's own rights mostly are: a VM is found by its name alone.
      lab: { assignedScopes: [`/subscriptions/${LAB_SUBSCRIPTION}`] },
      ...options,
    });
    return {
      stage,
      close: async () => {
        await stage.close();
        await azurite.close();
      },
    };
  } catch (error) {
    await azurite.close();
    throw error;
  }
}

/** What the demo's owner has allowed: without a policy nothing would be repaired. */
function demoPolicy() {
  return policySchema.parse(
    JSON.parse(readFileSync(join(PACKAGE_ROOT, 'local/demo/policy.demo.json'), 'utf8')),
  );
}

/** Resolves at Ctrl-C, or when the process is told to end. */
export function untilInterrupted(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.once(signal, () => {
        resolve();
      });
  });
}
