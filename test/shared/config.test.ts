import { readConfig } from '../../shared/config.ts';
import { loadConnectors } from '../../shared/intake/tickets/load-connectors.ts';
import { unknownSettings } from '../../shared/unknown-settings.ts';
import { join } from 'node:path';

const STORAGE = { AzureWebJobsStorage: 'UseDevelopmentStorage=true' };
const TENANT = '00000000-0000-4000-8000-00000000aaaa';
const CONNECTORS = loadConnectors(join(import.meta.dirname, '../../shared/intake/connectors'));

describe('Settings that fit', () => {
  it.each<[string, Record<string, string>]>([
    ['the storage alone', {}],
    ['keys by name', { RDP_MEDIC_AUTH: 'key', RDP_MEDIC_APPROVER_SECRET: 'sixteen letters!' }],
    ['no evidence outside', { RDP_MEDIC_EVIDENCE: 'none' }],
    ['evidence in another account', { RDP_MEDIC_EVIDENCE: 'https://evidence.blob.core.windows.net/' }],
    ['the same by its key', { RDP_MEDIC_EVIDENCE: 'AccountName=evidence;AccountKey=a2V5' }],
    ['Entra ID', { RDP_MEDIC_AUTH: 'entra', RDP_MEDIC_TENANT: TENANT, WEBSITE_AUTH_ENABLED: 'True' }],
  ])('%s', (_what, settings) => {
    expect(readConfig({ ...STORAGE, ...settings }).faults).toEqual([]);
  });
});

describe('A setting that does not fit is told, and counts as left out', () => {
  const whole = readConfig(STORAGE);
  it.each<[string, Record<string, string>, RegExp]>([
    ['a word that is none', { RDP_MEDIC_PRIVATE_ROUTE: 'true' }, /^RDP_MEDIC_PRIVATE_ROUTE: .*"yes"\|"no"/],
    ['an address that is none', { RDP_MEDIC_ARM_ENDPOINT: 'azure' }, /^RDP_MEDIC_ARM_ENDPOINT: /],
    ['a name that is none', { RDP_MEDIC_DEPLOYMENT: '-' }, /^RDP_MEDIC_DEPLOYMENT: /],
    ['a file that is not there', { RDP_MEDIC_ARM_CA_FILE: '/nowhere/ca.pem' }, /^RDP_MEDIC_ARM_CA_FILE: /],
    ['a user without a password', { RDP_MEDIC_PEER_USER: 'CONTOSO\\medic' }, /RDP_MEDIC_PEER_PASSWORD/],
    ['a secret that can be guessed', { RDP_MEDIC_APPROVER_SECRET: 'secret' }, /16 characters/],
    ['a place for evidence that is none', { RDP_MEDIC_EVIDENCE: 'here' }, /^RDP_MEDIC_EVIDENCE: .*https/],
    [
      'a secret that the vault has not given',
      { RDP_MEDIC_APPROVER_SECRET: '@Microsoft.KeyVault(VaultName=v;SecretName=s)' },
      /^RDP_MEDIC_APPROVER_SECRET: the Key Vault reference is not resolved/,
    ],
    [
      'a fleet watch by the day',
      { RDP_MEDIC_FLEET_WATCH_MINUTES: '2000' },
      /^RDP_MEDIC_FLEET_WATCH_MINUTES: /,
    ],
    ['another way to sign in', { RDP_MEDIC_AUTH: 'Entra' }, /^RDP_MEDIC_AUTH: .*"key"\|"entra"/],
  ])('%s', (_what, settings, sentence) => {
    const { faults, ...rest } = readConfig({ ...STORAGE, ...settings });
    expect(faults).toEqual([expect.stringMatching(sentence)]);
    expect({ ...rest, faults: [] }).toEqual(whole);
  });

  it('without repeating what was set: it may be a secret', () => {
    expect(readConfig({ ...STORAGE, RDP_MEDIC_APPROVER_SECRET: 'hunter2' }).faults.join()).not.toContain(
      'hunter2',
    );
  });

  it.each<[string, Record<string, string>, RegExp]>([
    ['App Service authentication', { RDP_MEDIC_TENANT: TENANT }, /WEBSITE_AUTH_ENABLED/],
    [
      'App Service authentication, which is off',
      { RDP_MEDIC_TENANT: TENANT, WEBSITE_AUTH_ENABLED: 'False' },
      /WEBSITE_AUTH_ENABLED/,
    ],
    ['a tenant', { WEBSITE_AUTH_ENABLED: 'true' }, /RDP_MEDIC_TENANT/],
  ])('Entra ID without %s', (_what, settings, sentence) => {
    expect(readConfig({ ...STORAGE, RDP_MEDIC_AUTH: 'entra', ...settings }).faults).toEqual([
      expect.stringMatching(sentence),
    ]);
  });

  it('so is a secret of a connector that the vault has not given', () => {
    const given = { ...STORAGE, RDP_MEDIC_SECRET_JIRA: '@Microsoft.KeyVault(SecretUri=https://v/s)' };
    expect(readConfig(given).faults).toEqual([expect.stringMatching(/^RDP_MEDIC_SECRET_JIRA: /)]);
  });

  it('but without storage there is no engine at all', () => {
    expect(() => readConfig({})).toThrow(/AzureWebJobsStorage/);
  });
});

describe('Storage with an identity', () => {
  const blobs = 'https://medic.blob.core.windows.net';
  const queues = 'https://medic.queue.core.windows.net';
  const uris = {
    AzureWebJobsStorage__blobServiceUri: blobs,
    AzureWebJobsStorage__queueServiceUri: queues,
    AzureWebJobsStorage__credential: 'managedidentity',
  };
  const tables = { AzureWebJobsStorage__tableServiceUri: 'https://medic.table.core.windows.net' };

  it.each([
    ['by three addresses', { ...uris, ...tables }],
    ['by the name of the account', { AzureWebJobsStorage__accountName: 'medic' }],
  ])('%s', (_how, settings) => {
    const { storage, faults } = readConfig(settings);
    expect(faults).toEqual([]);
    expect(storage).toEqual({ blobServiceUri: blobs, queueServiceUri: queues });
  });

  it('is the same deployment, whichever way it is named', () => {
    const byName = readConfig({ AzureWebJobsStorage__accountName: 'medic' }).deployment;
    expect(readConfig({ ...uris, ...tables }).deployment).toBe(byName);
    expect(readConfig({ AzureWebJobsStorage: 'AccountName=medic;AccountKey=a2V5' }).deployment).toBe(byName);
  });

  it('without its tables does not start Durable Functions, which is told', () => {
    expect(readConfig(uris).faults).toEqual([
      expect.stringContaining('AzureWebJobsStorage__tableServiceUri'),
    ]);
  });
});

describe('Telemetry', () => {
  const APPLICATIONINSIGHTS_CONNECTION_STRING =
    'InstrumentationKey=0;IngestionEndpoint=https://westeurope-5.in.test/';
  const connectionString = APPLICATIONINSIGHTS_CONNECTION_STRING;
  it.each([
    ['nowhere', {}, { applicationInsights: undefined, otlp: false }],
    [
      'to a collector',
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:4318' },
      { applicationInsights: undefined, otlp: true },
    ],
    [
      'to Application Insights, by whoever has its connection string',
      { APPLICATIONINSIGHTS_CONNECTION_STRING },
      { applicationInsights: { connectionString, clientId: undefined }, otlp: false },
    ],
    [
      'as the only identity of the app',
      {
        APPLICATIONINSIGHTS_CONNECTION_STRING,
        APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'Authorization=AAD',
      },
      { applicationInsights: { connectionString, clientId: '' }, otlp: false },
    ],
    [
      'as an identity by its client id, as the deployment writes it',
      {
        APPLICATIONINSIGHTS_CONNECTION_STRING,
        APPLICATIONINSIGHTS_AUTHENTICATION_STRING: `Authorization=AAD;ClientId=${TENANT}`,
      },
      { applicationInsights: { connectionString, clientId: TENANT }, otlp: false },
    ],
  ])('%s', (_where, settings, telemetry) => {
    expect(readConfig({ ...STORAGE, ...settings }).telemetry).toEqual(telemetry);
  });
});

describe('A setting that is none', () => {
  const unknown = (name: string): string[] => unknownSettings({ [name]: 'x' }, CONNECTORS.values());
  it.each(['RDP_MEDIC_KILLSWITCH', 'RDP_MEDIC_POLICIES', 'RDPMEDIC_POLICY', 'rdp_medic_policy'])(
    '%s is told',
    (name) => {
      expect(unknown(name)).toEqual([expect.stringContaining(name)]);
    },
  );
  it.each([
    'RDP_MEDIC_POLICY',
    'RDP_MEDIC_KILL_SWITCH',
    'RDP_MEDIC_SECRET_JIRA',
    'RDP_MEDIC_GITHUB_TOKEN',
    'RDP_MEDIC_SERVICENOW_HOST',
    'RDP_MEDIC_LAB_DURATIONS',
    'FUNCTIONS_WORKER_RUNTIME',
  ])('%s is one, or not ours', (name) => {
    expect(unknown(name)).toEqual([]);
  });
});
