import { parseArgs } from 'node:util';
import { clockFrom } from './clock.ts';
import { startHost } from './start-host.ts';

/**
 * The embedded host as a process of its own:
 *
 *     node local/host/main.ts --entry functions/index.ts --host-json host.json --state .state/host.db
 *
 * Settings that the app reads come from the environment, as in Azure: `AzureWebJobsStorage`, and for tests
 * `RDP_MEDIC_CLOCK=<epochMs>,<startRealMs>,<rate>` for a clock that runs faster. Writes one line of JSON with its
 * address and keys to standard output once it answers, and its log to standard error.
 */

const { values } = parseArgs({
  options: {
    entry: { type: 'string' },
    'host-json': { type: 'string', default: 'host.json' },
    state: { type: 'string', default: '.state/host.db' },
    port: { type: 'string', default: '0' },
    key: { type: 'string' },
    'master-key': { type: 'string' },
    'timer-triggers': { type: 'string', default: 'on' },
  },
});

if (values.entry === undefined)
  throw new Error('--entry is missing: the module that registers the functions.');
const host = await startHost({
  entry: values.entry,
  hostJson: values['host-json'],
  statePath: values.state,
  clock: clockFrom(process.env['RDP_MEDIC_CLOCK']),
  storageConnection: process.env['AzureWebJobsStorage'] ?? '',
  port: Number(values.port),
  timerTriggers: values['timer-triggers'] === 'off' ? 'off' : 'on',
  ...(values.key !== undefined && { functionKey: values.key }),
  ...(values['master-key'] !== undefined && { masterKey: values['master-key'] }),
  log: (line) => {
    process.stderr.write(`${line}\n`);
  },
});
const { url, functionKey, masterKey } = host;
process.stdout.write(`${JSON.stringify({ url, functionKey, masterKey })}\n`);

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    void host.close().then(() => process.exit(0));
  });
