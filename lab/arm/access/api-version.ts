import { ArmError } from '../errors.ts';

/** What the SDK versions in use send, by provider. */
const SUPPORTED: Record<string, readonly string[]> = {
  'microsoft.compute': [
    '2021-07-01',
    '2024-03-01',
    '2024-07-01',
    '2025-01-02',
    '2026-03-01',
    '2026-03-02',
    '2026-04-01',
  ],
  'microsoft.network': ['2024-05-01', '2025-05-01', '2026-01-01'],
  'microsoft.authorization': ['2016-09-01', '2020-05-01', '2022-04-01'],
  'microsoft.insights': ['2015-04-01'],
  'microsoft.resources': ['2021-04-01', '2024-03-01', '2025-04-01'],
};

/**
 * Reads the api-version of a request.
 * @throws ArmError 400 when it is missing or the provider does not know it
 */
export function requireApiVersion(path: string, query: URLSearchParams): string {
  const version = query.get('api-version');
  if (!version) {
    throw new ArmError(
      400,
      'MissingApiVersionParameter',
      'The api-version query parameter (?api-version=) is required for all requests.',
    );
  }
  const supported = supportedFor(path);
  if (supported.includes(version)) return version;
  throw new ArmError(
    400,
    'InvalidApiVersionParameter',
    `The api-version '${version}' is invalid. The supported versions are '${supported.join(',')}'.`,
  );
}

/** The newest that the provider of a path knows. */
export function newestApiVersion(path: string): string {
  return supportedFor(path).at(-1) ?? '';
}

function supportedFor(path: string): readonly string[] {
  const providers = [...path.matchAll(/\/providers\/([^/]+)/gi)];
  const provider = providers.at(-1)?.[1]?.toLowerCase() ?? 'microsoft.resources';
  return SUPPORTED[provider] ?? [];
}
