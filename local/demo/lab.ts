import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { LAB_SUBSCRIPTION, startLab } from '../../lab/arm/start-lab.ts';
import { createScaledClock } from '../../lab/clock/scaled.ts';
import { fillFleetAndRefused, makeFleet } from '../../lab/fleet/index.ts';
import { createGuestFactory } from '../../lab/windows/factory.ts';
import { ADMIN_ADDRESS, azureSettings, labSettings } from '../stage.ts';
import { stateFolder } from '../state-folder.ts';
import { paint, say } from '../terminal/screen.ts';
import { openControl } from './control.ts';
import { fleetTable } from './fleet-view.ts';
import { untilInterrupted } from './performance.ts';

export const labOptionsSchema = z.object({ speed: z.coerce.number().min(1).max(1000).default(1) });

/** Keeps the lab alone running for another host or any client of Azure, until Ctrl-C. */
export async function runLab({ speed }: z.infer<typeof labOptionsSchema>): Promise<number> {
  const folder = join(stateFolder(), 'lab');
  mkdirSync(folder, { recursive: true });
  const startedAtRealMs = Date.now();
  const lab = await startLab({
    clock: createScaledClock({ epoch: startedAtRealMs, startedAtRealMs, rate: speed }),
    guests: createGuestFactory({ engine: 'model' }),
    fleet: fillFleetAndRefused,
    probeSource: ADMIN_ADDRESS,
    assignedScopes: [`/subscriptions/${LAB_SUBSCRIPTION}`],
  });
  say(await fleetTable(lab, makeFleet({ now: lab.clock.now() })));
  const settings = {
    ...azureSettings(lab, folder),
    ...(speed !== 1 && { RDP_MEDIC_CLOCK: [startedAtRealMs, startedAtRealMs, speed].join(',') }),
  };
  say(`\n${paint('bold', 'The simulated Azure is running.')} Settings for Azure clients:\n`);
  for (const [name, value] of Object.entries(settings)) say(`export ${name}='${value}'`);
  const { RDP_MEDIC_POLICY: policy = '' } = labSettings(lab, { folder, storage: '' });
  say(`
A Functions host (func start) also needs a policy: export RDP_MEDIC_POLICY='${policy}'
Repair a VM, from another terminal with these settings: rdp-medic repair --local tls
Interfere:     rdp-medic lab act 'deallocate on tls'
Break a VM:    rdp-medic lab break healthy rdp-certificate

Press Ctrl-C to stop.`);
  const control = await openControl(lab, folder);
  await untilInterrupted();
  await control.close();
  await lab.close();
  return 0;
}
