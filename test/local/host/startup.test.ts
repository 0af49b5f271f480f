import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTestHost } from './support/test-host.ts';
import type { HostOptions } from '../../../local/host/start-host.ts';

/** The recorded rules of starting up: what takes down the host, the app, or one function alone. */
describe('start-up', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'startup-'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  interface Started {
    off: string[];
    failed: boolean;
    /** Status of the function `fine`, and of another address. */
    fine: number;
    other: number;
  }
  const start = async (app: string, options: Partial<HostOptions> = {}): Promise<Started> => {
    const host = await startTestHost(app, options);
    const status = async (path: string): Promise<number> => (await host.get(path)).status;
    const started = {
      off: [...host.off.keys()].sort(),
      failed: host.startupError !== undefined,
      fine: await status('/api/fine'),
      other: await status('/api/other'),
    };
    await host.close();
    return started;
  };
  const hostJson = (content: unknown): string => {
    const path = join(folder, `${String(Math.random())}.json`);
    writeFileSync(path, JSON.stringify(content));
    return path;
  };
  const extensionBundle = { id: 'Microsoft.Azure.Functions.ExtensionBundle', version: '[4.*, 5.0.0)' };

  test.each(['startup/throws.ts', 'startup/same-name-twice.ts', 'startup/no-such-file.ts'])(
    '%s loads no function at all, and the host answers 404',
    async (app) => {
      expect(await start(app)).toEqual({ off: [], failed: true, fine: 404, other: 404 });
    },
  );

  test('a function that cannot be is off, and only that one', async () => {
    expect(await start('startup/partly-wrong.ts')).toEqual({
      off: ['1badName', 'admins', 'asksForBlob', 'badTimer', 'missingConnection', 'sameRoute'],
      failed: false,
      fine: 200,
      other: 404,
    });
  });

  test('a route with a leading slash takes the whole host down', async () => {
    expect(await start('startup/leading-slash.ts')).toMatchObject({ fine: 503, other: 503 });
  });

  test('so does a hub name with a dash', async () => {
    const path = hostJson({
      version: '2.0',
      extensionBundle,
      extensions: { durableTask: { hubName: 'My-Hub' } },
    });
    expect(await start('startup/fine.ts', { hostJson: path })).toMatchObject({ fine: 503, other: 503 });
  });

  test('without an extension bundle only HTTP goes on', async () => {
    const path = hostJson({ version: '2.0' });
    const off = ['activity', 'orchestration', 'queue', 'starter', 'timer'];
    expect(await start('startup/fine.ts', { hostJson: path })).toMatchObject({ off, fine: 200 });
  });

  test('everything that is right is on', async () => {
    expect(await start('startup/fine.ts', { timerTriggers: 'off' })).toEqual({
      off: ['queue'],
      failed: false,
      fine: 200,
      other: 404,
    });
  });

  test('registering after start-up throws', async () => {
    const host = await startTestHost('startup/fine.ts', { timerTriggers: 'off' });
    const { registerLate } = await import('./app/startup/fine.ts');
    expect(registerLate).toThrow('can only be registered during app startup');
    await host.close();
  });

  test('a host.json that says nonsense is told at once', async () => {
    const path = hostJson({ version: '2.0', extensions: { queues: { batchSize: 'many' } } });
    await expect(startTestHost('startup/fine.ts', { hostJson: path })).rejects.toThrow('batchSize');
  });
});
