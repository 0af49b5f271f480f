import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { PACKAGE_ROOT } from '../../shared/package-root.ts';
import { bicepFile } from './bicep.ts';

const read = (path: string): string => readFileSync(join(PACKAGE_ROOT, path), 'utf8');

describe('what is deployed is closed unless somebody opens it', () => {
  it.each<[string, string[]]>([
    [
      'infra/app/storage.bicep',
      [
        'allowSharedKeyAccess: false',
        'allowBlobPublicAccess: false',
        "minimumTlsVersion: 'TLS1_2'",
        'supportsHttpsTrafficOnly: true',
        "properties: { publicAccess: 'None' }",
      ],
    ],
    ['infra/app/monitoring.bicep', ['DisableLocalAuth: true', 'disableLocalAuth: true']],
    ['infra/app/key-vault.bicep', ['enableRbacAuthorization: true', 'enableSoftDelete: true']],
    [
      'infra/app/function-app.bicep',
      [
        'httpsOnly: true',
        "minTlsVersion: '1.2'",
        "name: 'ftp'\n    properties: { allow: false }",
        "name: 'scm'\n    properties: { allow: false }",
        'httpSettings: { requireHttps: true }',
        'tokenStore: { enabled: false }',
      ],
    ],
    ['infra/app/network.bicep', ["access: 'Deny'\n          direction: 'Inbound'"]],
  ])('by %s', async (path, wanted) => {
    const { text } = await bicepFile(path);
    expect(wanted.filter((one) => !text.includes(one))).toEqual([]);
  });

  it.each([
    ['nothing may be repaired', 'repairSubscriptions string[] = []'],
    ['nothing may be repaired', 'repairResourceGroups string[] = []'],
    ['no VM is checked that nobody asked for', 'fleetWatchMinutes int = 0'],
    ['no setting is a secret that is not in the vault', 'secrets secretSetting[] = []'],
  ])('%s by the default `%s`', async (_what, declared) => {
    const { text } = await bicepFile('infra/main.bicep');
    expect(text).toContain(`param ${declared}`);
  });

  it('and no secret is a parameter or an output', async () => {
    const { text } = await bicepFile('infra/main.bicep');
    expect(text).not.toMatch(/listKeys|@secure|accountKey|primaryConnectionString/i);
  });
});

describe('host.json', () => {
  const host = z
    .looseObject({
      extensionBundle: z.looseObject({ version: z.string() }),
      extensions: z.looseObject({ durableTask: z.looseObject({}) }),
    })
    .parse(JSON.parse(read('host.json')));

  it('has what Durable Functions needs on Flex Consumption: short polling, tracing, bounds, a version', () => {
    expect(host.extensions.durableTask).toMatchObject({
      storageProvider: { maxQueuePollingInterval: '00:00:10' },
      tracing: { distributedTracingEnabled: true, version: 'V2' },
      defaultVersion: expect.stringMatching(/^\d+\.\d+\.\d+$/) as unknown,
    });
    const bounds = z
      .looseObject({ maxConcurrentActivityFunctions: z.int(), maxConcurrentOrchestratorFunctions: z.int() })
      .parse(host.extensions.durableTask);
    expect(bounds.maxConcurrentActivityFunctions).toBeGreaterThan(0);
    expect(bounds.maxConcurrentOrchestratorFunctions).toBeGreaterThan(0);
  });

  it('takes a bundle that Flex Consumption takes, and sends telemetry by OpenTelemetry', () => {
    expect(host.extensionBundle.version).toMatch(/^\[4\.\d+\.\d+, 5\.0\.0\)$/);
    expect(host).toMatchObject({ telemetryMode: 'OpenTelemetry' });
  });

  it('is not set otherwise by the deployment, but for the hub and its backend', () => {
    const overridden = read('infra/app/app-settings.bicep').match(/AzureFunctionsJobHost__\w+/g) ?? [];
    expect([...new Set(overridden)].sort()).toEqual([
      'AzureFunctionsJobHost__extensions__durableTask__hubName',
      'AzureFunctionsJobHost__extensions__durableTask__storageProvider__connectionStringName',
      'AzureFunctionsJobHost__extensions__durableTask__storageProvider__type',
    ]);
  });
});

it('one instance is always ready for orchestrations, and azd says after a removal what is left', async () => {
  const { text } = await bicepFile('infra/app/function-app.bicep');
  expect(text).toMatch(/alwaysReady: \[\{ name: 'durable', instanceCount: zoneRedundant \? 2 : 1 \}\]/);
  expect(read('azure.yaml')).toMatch(/postdown:[\s\S]*infra\/after-down\.txt/);
  const left = read('infra/after-down.txt');
  for (const kind of ['custom role', 'Key Vault', 'app registration', 'policy', 'snapshots'])
    expect(left).toContain(kind);
});
