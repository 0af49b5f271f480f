import { beginRunCommand, readRunCommand } from '../../../shared/azure/run-command.ts';
import { codeOf, MAKER, startAzureBench, type AzureBench } from './bench.ts';

let bench: AzureBench;
afterEach(() => bench.close());

const begin = (name: string) =>
  beginRunCommand(bench.acting.azure, {
    vmId: bench.vmId,
    name,
    script: 'Get-Date',
    parameters: {},
    runAs: undefined,
    timeoutSeconds: 60,
    outputBlobUri: undefined,
    maker: MAKER,
  });

it.each(['final', 'Running', 'Unknown'] as const)('a script that has an end has ended: %s', async (says) => {
  bench = await startAzureBench({}, { behaviour: { endedScriptSays: says } });
  await bench.done(begin('r'));
  expect(await readRunCommand(bench.acting.azure, bench.vmId, 'r')).toMatchObject({
    state: 'ended',
    output: 'Get-Date',
  });
});

it('a VM that is full of run commands is told as such', async () => {
  bench = await startAzureBench();
  for (let count = 1; count <= 25; count += 1) await bench.done(begin(`r${String(count)}`));
  expect(await codeOf(begin('one too many'))).toBe('TooManyRunCommands');
});
