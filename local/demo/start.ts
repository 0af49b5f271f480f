import { join } from 'node:path';
import * as z from 'zod';
import { removeHostAddress, writeHostAddress } from '../host-address.ts';
import { APPROVER_SECRET, azureSettings } from '../stage.ts';
import { stateFolder } from '../state-folder.ts';
import { paint, say } from '../terminal/screen.ts';
import { openControl } from './control.ts';
import { fleetTable } from './fleet-view.ts';
import { openPerformance, untilInterrupted } from './performance.ts';

/** Seconds of lab time in a real one: slow enough to watch. */
const RATE = 10;

export const startOptionsSchema = z.object({ port: z.coerce.number().int().min(0).max(65535).default(7071) });

/** How the command line is called here: in a clone, where `npm start` was typed, nothing is installed. */
const MEDIC = process.env['npm_lifecycle_event'] === undefined ? 'rdp-medic' : 'npx node cli/main.ts';

/** Keeps everything running for a person to play with, until Ctrl-C. */
export async function runStart({ port }: z.infer<typeof startOptionsSchema>): Promise<number> {
  const folder = join(stateFolder(), 'start');
  const performance = await openPerformance(folder, RATE, { port, timerTriggers: 'on' });
  const { stage } = performance;
  const { url, functionKey } = stage.host;
  const control = await openControl(stage.lab, folder);
  const file = join(folder, 'host.json');
  writeHostAddress(file, {
    pid: process.pid,
    url,
    key: functionKey,
    approverSecret: APPROVER_SECRET,
    azure: azureSettings(stage.lab, folder),
  });
  say(await fleetTable(stage.lab, stage.fleet));
  say(`
${paint('bold', 'RDP Medic is running')} at ${url} (lab time ${String(RATE)} times as fast as real time). Press Ctrl-C to stop.

The page:      ${url} (function key: ${functionKey}; approver secret: "${APPROVER_SECRET}")
Repair a VM:   ${MEDIC} repair tls
               curl -X POST ${url}/api/remediations -H 'x-functions-key: ${functionKey}' \\
                 -H 'content-type: application/json' -d '{"vmId":"${stage.lab.vm('tls').id}"}'
Progress:      ${MEDIC} list (or watch tls, show tls, report tls)
The API:       ${url}/api/openapi.json
Interfere:     ${MEDIC} lab act 'deallocate on tls' (without arguments: history and available actions)
Break a VM:    ${MEDIC} lab break healthy rdp-certificate
`);
  await untilInterrupted();
  removeHostAddress(file);
  await control.close();
  await performance.close();
  return 0;
}
