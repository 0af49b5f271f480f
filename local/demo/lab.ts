import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { startLab } from '../../lab/arm/start-lab.ts';
import { fillFleetAndRefused, makeFleet } from '../../lab/fleet/index.ts';
import { createGuestFactory } from '../../lab/windows/factory.ts';
import { systemClock } from '../../shared/clock.ts';
import { ADMIN_ADDRESS, labSettings } from '../stage.ts';
import { openControl } from './control.ts';
import { fleetTable } from './fleet-view.ts';
import { STATE_FOLDER, untilInterrupted } from './performance.ts';
import { paint, say } from './screen.ts';

/** Keeps the lab alone running, on the real clock, for another host or any client of Azure, until Ctrl-C. */
export async function runLab(): Promise<number> {
  const folder = join(STATE_FOLDER, 'lab');
  mkdirSync(folder, { recursive: true });
  const lab = await startLab({
    clock: systemClock,
    guests: createGuestFactory({ engine: 'model' }),
    fleet: fillFleetAndRefused,
    probeSource: ADMIN_ADDRESS,
  });
  say(await fleetTable(lab, makeFleet({ now: lab.clock.now() })));
  const settings = labSettings(lab, { folder, storage: 'UseDevelopmentStorage=true' });
  say(`\n${paint('bold', 'The lab is running.')} Settings of a host that is to find it (Ctrl-C to end):\n`);
  for (const [name, value] of Object.entries(settings)) say(`export ${name}='${value}'`);
  say(`\nSomebody else: npm run act -- 'deallocate on tls'`);
  const control = await openControl(lab, folder);
  await untilInterrupted();
  await control.close();
  await lab.close();
  return 0;
}
