import { ArmError } from '../errors.ts';

const DISKS = ['2022-07-02', '2023-10-02', '2024-03-02', '2025-01-02', '2026-03-02'];
const MACHINES = [
  '2022-08-01',
  '2022-11-01',
  '2023-09-01',
  '2024-03-01',
  '2024-07-01',
  '2026-03-01',
  '2026-04-01',
];

/**
 * Versions by type, since each type has its own: those of the SDKs in use, of the command line of Debian (azure-cli 2.45,
 * `core/profiles/_shared.py`, profile `latest`), and a few between, newest last. Whole providers stand for types not named.
 */
const SUPPORTED: Readonly<Record<string, readonly string[]>> = {
  'microsoft.compute/disks': DISKS,
  'microsoft.compute/snapshots': ['2022-03-02', ...DISKS],
  'microsoft.compute/skus': ['2019-04-01', '2021-07-01'],
  'microsoft.compute/virtualmachines': MACHINES,
  // Polls are asked for in the version of what began the operation; images and quota in that of VMs.
  'microsoft.compute/locations': ['2022-03-02', ...DISKS, ...MACHINES],
  'microsoft.network': ['2022-01-01', '2022-05-01', '2022-07-01', '2024-05-01', '2025-05-01', '2026-01-01'],
  'microsoft.authorization/locks': ['2016-09-01', '2020-05-01'],
  'microsoft.authorization': ['2020-04-01-preview', '2022-04-01'],
  'microsoft.devtestlab': ['2018-09-15'],
  'microsoft.insights': ['2015-04-01'],
  'microsoft.policyinsights': ['2023-03-01', '2024-10-01'],
  'microsoft.resources/subscriptions': ['2016-06-01', '2019-11-01', '2022-12-01'],
  'microsoft.resources': ['2021-04-01', '2024-03-01', '2025-04-01'],
};

/** Subscriptions and tenants have versions of their own; what lies in a subscription has those of groups. */
const ABOVE_GROUPS = /^\/(?:tenants|subscriptions(?:\/[^/]+)?)\/?$/i;

/**
 * Reads the api-version of a request.
 * @param location of the lab, which the refusal names
 * @throws ArmError 400 when it is missing or the type is not registered with it
 */
export function requireApiVersion(path: string, query: URLSearchParams, location: string): string {
  const version = query.get('api-version');
  if (!version) {
    throw new ArmError(
      400,
      'MissingApiVersionParameter',
      'The api-version query parameter (?api-version=) is required for all requests.',
    );
  }
  const { provider, type, versions } = supportedFor(path);
  if (versions.includes(version)) return version;
  if (provider === 'microsoft.resources') {
    throw new ArmError(
      400,
      'InvalidApiVersionParameter',
      `The api-version '${version}' is invalid. The supported versions are '${versions.join(',')}'.`,
    );
  }
  // The text as in azure-cli#28496 and terraform-azurerm-windows-vm#7.
  throw new ArmError(
    400,
    'NoRegisteredProviderFound',
    `No registered resource provider found for location '${location}' and API version '${version}' for type '${type}'. The supported api-versions are '${versions.join(', ')}'. The supported locations are '${location}'.`,
  );
}

/** The newest that the type of a path knows. */
export function newestApiVersion(path: string): string {
  return supportedFor(path).versions.at(-1) ?? '';
}

function supportedFor(path: string): { provider: string; type: string; versions: readonly string[] } {
  const [, namespace = 'Microsoft.Resources', type = ABOVE_GROUPS.test(path) ? 'subscriptions' : ''] =
    [...path.matchAll(/\/providers\/([^/]+)(?:\/([^/]+))?/gi)].at(-1) ?? [];
  const provider = namespace.toLowerCase();
  const versions = SUPPORTED[`${provider}/${type.toLowerCase()}`] ?? SUPPORTED[provider] ?? [];
  return { provider, type, versions };
}
