import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConnectors } from '../../shared/intake/tickets/load-connectors.ts';
import { PACKAGE_ROOT } from '../../shared/package-root.ts';
import { settingsOfApp } from '../../shared/unknown-settings.ts';
import { ofType } from '../support/grammar.ts';
import { bicepFile, bicepFiles, keysIn, textOf } from './bicep.ts';

const SETTINGS = 'infra/app/app-settings.bicep';

/** Read by the app, and never set by a deployment. */
const NOT_DEPLOYED = [
  // Storage by identity takes the place of its connection string and of a bare name.
  'AzureWebJobsStorage',
  'AzureWebJobsStorage__accountName',
  // Another collector than Application Insights: whoever has one sets it.
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  // Of the simulated Azure: a deployment talks to the cloud that it is in.
  'RDP_MEDIC_ARM_ENDPOINT',
  'RDP_MEDIC_ARM_AUDIENCE',
  'RDP_MEDIC_ARM_CA_FILE',
];

/** Set by the deployment, and read by somebody else. */
const NOT_OURS = {
  AzureWebJobsStorage__credential: 'the Functions host',
  AzureWebJobsStorage__clientId: 'the Functions host',
  AZURE_CLIENT_ID: '@azure/identity',
  AZURE_TOKEN_CREDENTIALS: '@azure/identity',
  OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID: 'App Service authentication',
  DURABLE_TASK_SCHEDULER_CONNECTION_STRING: 'Durable Functions',
  AzureFunctionsJobHost__extensions__durableTask__storageProvider__type: 'Durable Functions',
  AzureFunctionsJobHost__extensions__durableTask__storageProvider__connectionStringName: 'Durable Functions',
};

/**
 * What Flex Consumption takes no more, as settings and as properties of the site.
 * Source: App settings reference for Azure Functions, "Flex Consumption plan deprecations" (learn.microsoft.com,
 * azure/azure-functions/functions-app-settings).
 */
const FORBIDDEN_ON_FLEX = [
  'ENABLE_ORYX_BUILD',
  'FUNCTIONS_EXTENSION_VERSION',
  'FUNCTIONS_MAX_HTTP_CONCURRENCY',
  'FUNCTIONS_WORKER_DYNAMIC_CONCURRENCY_ENABLED',
  'FUNCTIONS_WORKER_PROCESS_COUNT',
  'FUNCTIONS_WORKER_RUNTIME',
  'FUNCTIONS_WORKER_RUNTIME_VERSION',
  'SCM_DO_BUILD_DURING_DEPLOYMENT',
  'WEBSITE_CONTENTAZUREFILECONNECTIONSTRING',
  'WEBSITE_CONTENTOVERVNET',
  'WEBSITE_CONTENTSHARE',
  'WEBSITE_DNS_SERVER',
  'WEBSITE_MAX_DYNAMIC_APPLICATION_SCALE_OUT',
  'WEBSITE_NODE_DEFAULT_VERSION',
  'WEBSITE_RUN_FROM_PACKAGE',
  'WEBSITE_SKIP_CONTENTSHARE_VALIDATION',
  'WEBSITE_VNET_ROUTE_ALL',
  'alwaysOn',
  'containerSize',
  'ftpsState',
  'functionAppScaleLimit',
  'isReserved',
  'linuxFxVersion',
  'preWarmedInstanceCount',
  'use32BitWorkerProcess',
  'vnetContentShareEnabled',
  'vnetImagePullEnabled',
  'vnetRouteAllEnabled',
];

let set: string[];
let secrets: string[];
beforeAll(async () => {
  const { root } = await bicepFile(SETTINGS);
  const isSetting = (name: string): boolean => /^(Azure[A-Z]|[A-Z][A-Z0-9]+_)\w+$/.test(name);
  const inTypes = ofType(root, 'type_declaration').flatMap((node) => ofType(node, 'identifier'));
  const quoted = ofType(root, 'type_declaration').flatMap((node) => ofType(node, 'string'));
  secrets = quoted.map(textOf).filter(isSetting);
  const keys = [...keysIn({ path: SETTINGS, text: '', root }), ...inTypes.map(({ text }) => text)];
  set = [...new Set([...keys.filter(isSetting), ...secrets])].sort();
});

const connectors = [...loadConnectors(join(PACKAGE_ROOT, 'shared/intake/connectors')).values()];

describe('app settings', () => {
  it('are set by the deployment where the app reads them', () => {
    const read = settingsOfApp(connectors).filter((name) => !NOT_DEPLOYED.includes(name));
    expect(read.filter((name) => !set.includes(name))).toEqual([]);
  });

  it('are read by the app, or by the one who is named, where the deployment sets them', () => {
    const read = [...settingsOfApp(connectors), ...Object.keys(NOT_OURS)];
    expect(set.filter((name) => !read.includes(name))).toEqual([]);
    expect(Object.keys(NOT_OURS).filter((name) => !set.includes(name))).toEqual([]);
  });

  it('hold no secret but by a reference to the vault', () => {
    const secret = settingsOfApp(connectors).filter(
      (name) => /SECRET|PASSWORD|TOKEN|BASIC/.test(name) || /NOTIFY_(TEAMS|SLACK|WEBHOOK)$/.test(name),
    );
    expect(secret.filter((name) => !secrets.includes(name))).toEqual([]);
    expect(secrets.filter((name) => !secret.includes(name))).toEqual([]);
  });

  it('and properties of the site are none of those that Flex Consumption refuses', async () => {
    const keys = new Set((await bicepFiles()).flatMap(keysIn));
    expect(FORBIDDEN_ON_FLEX.filter((name) => keys.has(name))).toEqual([]);
  });

  it('with all that Durable Functions needs of storage by identity', () => {
    expect(set).toEqual(
      expect.arrayContaining(
        ['blobServiceUri', 'queueServiceUri', 'tableServiceUri', 'credential', 'clientId'].map(
          (part) => `AzureWebJobsStorage__${part}`,
        ),
      ),
    );
  });
});

it('no code reads a setting past the one place that knows them', () => {
  const allowed = /^(functions\/index\.ts|shared\/config\.ts)$/;
  const files = ['functions', 'shared'].flatMap((room) =>
    readdirSync(join(PACKAGE_ROOT, room), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(room, name)),
  );
  const readers = files.filter((file) =>
    readFileSync(join(PACKAGE_ROOT, file), 'utf8').includes('process.env'),
  );
  expect(readers.filter((file) => !allowed.test(file))).toEqual([]);
});
