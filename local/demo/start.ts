import { join } from 'node:path';
import { fleetTable } from './fleet-view.ts';
import { openControl } from './control.ts';
import { openPerformance, STATE_FOLDER, untilInterrupted } from './performance.ts';
import { paint, say } from './screen.ts';

/** Seconds of lab time in a real one: slow enough to watch. */
const RATE = 10;
const PORT = 7071;

/** Keeps everything running for a person to play with, until Ctrl-C. */
export async function runStart(): Promise<number> {
  const performance = await openPerformance('start', RATE, { port: PORT, timerTriggers: 'on' });
  const { stage } = performance;
  const { url, functionKey } = stage.host;
  const control = await openControl(stage.lab, join(STATE_FOLDER, 'start'));
  say(await fleetTable(stage.lab, stage.fleet));
  say(`
${paint('bold', 'RDP Medic is running')} at ${url} (lab time ${String(RATE)} times as fast as real time). Break off with Ctrl-C.

Look on:       ${url}/?code=${functionKey}
Repair a VM:   curl -X POST ${url}/api/remediations -H 'x-functions-key: ${functionKey}' \\
                 -H 'content-type: application/json' -d '{"vmId":"${stage.lab.vm('tls').id}"}'
Follow it:     curl -H 'x-functions-key: ${functionKey}' <the address in the answer>
Its report:    the same address with /report at the end
The API:       ${url}/api/openapi.json
Somebody else: npm run act -- 'deallocate on tls' (without words: who did what, and what can be done)
`);
  await untilInterrupted();
  await control.close();
  await performance.close();
  return 0;
}
