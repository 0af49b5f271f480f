import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { LAB_SUBSCRIPTION, startLab, type Lab, type LabOptions } from '../../../lab/arm/start-lab.ts';
import type { VmSpec } from '../../../lab/arm/vm-spec.ts';
import { createScaledClock } from '../../../lab/clock/scaled.ts';
import { makeImages } from '../../../lab/fleet/index.ts';
import { createGuestFactory } from '../../../lab/windows/factory.ts';
import { ADMIN_ADDRESS, azureSettings } from '../../../local/stage.ts';

/** A simulated Azure on a fast clock, and what a command line that is to find it has in its environment: settings alone. */
export interface OwnLab {
  lab: Lab;
  env: Record<string, string>;
  /** The user's folder. */
  state: string;
  /** Process of the host of --local that runs now. */
  hostPid(): number;
  close(): Promise<void>;
}

/** Ten minutes of Azure in some six seconds. */
const RATE = 100;

const hostSchema = z.object({ pid: z.number() });

export async function openOwnLab(vms: readonly VmSpec[], options: Partial<LabOptions> = {}): Promise<OwnLab> {
  const folder = mkdtempSync(join(tmpdir(), 'rdp-medic-cli-'));
  const state = join(folder, 'state');
  const startedAtRealMs = Date.now();
  const lab = await startLab({
    clock: createScaledClock({ epoch: startedAtRealMs, startedAtRealMs, rate: RATE }),
    guests: createGuestFactory({ engine: 'model' }),
    probeSource: ADMIN_ADDRESS,
    assignedScopes: [`/subscriptions/${LAB_SUBSCRIPTION}`],
    ...options,
  });
  lab.addImage(...makeImages());
  for (const spec of vms) await lab.addVm(spec);
  const env = {
    ...azureSettings(lab, folder),
    RDP_MEDIC_STATE: state,
    RDP_MEDIC_CLOCK: [startedAtRealMs, startedAtRealMs, RATE].join(','),
    RDP_MEDIC_PROBE_SECONDS: '2',
  };
  return {
    lab,
    env,
    state,
    hostPid: () => hostSchema.parse(JSON.parse(readFileSync(join(state, 'local/host.json'), 'utf8'))).pid,
    close: async () => {
      await lab.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
