import { begun } from '../app/sessions.ts';
import { startTestHost, type TestHost } from '../support/test-host.ts';

let host: TestHost;
beforeAll(async () => {
  host = await startTestHost('sessions.ts', { extendedSessions: true });
});
afterAll(() => host.close());

async function run(name: string): Promise<{ status: string; output: string | null }> {
  await host.client('startNew', name, { instanceId: name });
  return host.finished(name);
}

test('an orchestrator that is kept is begun once, and replayed once at its end', async () => {
  expect(await run('steady')).toMatchObject({ status: 'Completed', output: '5' });
  expect(begun.steady).toBe(2);
});

test('one that asks for something else when it is replayed fails', async () => {
  const { status, output } = await run('restless');
  expect(status).toBe('Failed');
  expect(output).toContain('Non-Deterministic workflow detected');
});
