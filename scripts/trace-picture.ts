/**
 * The picture of a trace for docs/pictures (`npm run trace-picture`): the service repairs one VM in the lab, in real time, and sends its
 * telemetry to a receiver. Takes three minutes.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fleetVm } from '../lab/fleet/index.ts';
import { startAzurite } from '../local/azurite.ts';
import { openStage } from '../local/stage.ts';
import { systemClock } from '../shared/clock.ts';
import { startReceiver } from '../test/support/otlp.ts';
import { traceSvg } from './pictures/trace.ts';

const PICTURE = 'docs/pictures/trace.svg';
const VM = 'rdp-certificate';

const folder = mkdtempSync(join(tmpdir(), 'trace-'));
const receiver = await startReceiver();
process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] = receiver.url;
const azurite = await startAzurite();
const stage = await openStage({
  clock: systemClock,
  folder,
  storage: azurite.connectionString('account1'),
  fleet: [fleetVm(VM, { now: Date.now() })],
});
await stage.call('POST', '/api/remediations', { vmId: stage.lab.vm(VM).id });
while (!receiver.spans.some(({ name }) => name === 'remediation')) await setTimeout(500);
await stage.close();
writeFileSync(PICTURE, traceSvg(receiver.spans));
console.log(`written: ${PICTURE}, of ${String(receiver.spans.length)} spans`);
await azurite.close();
await receiver.close();
rmSync(folder, { recursive: true, force: true });
process.exit(0);
