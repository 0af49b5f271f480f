import { ComputeManagementClient } from '@azure/arm-compute';
import { DefaultAzureCredential } from '@azure/identity';
import { LAB_SUBSCRIPTION } from '../../../lab/arm/start-lab.ts';
import { GROUP, refusalOf, startBench, windowsVm, type Bench } from './support/lab.ts';

let bench: Bench;
const before = { ...process.env };

beforeAll(async () => {
  bench = await startBench();
  await bench.lab.addVm(windowsVm('vm1'));
});
afterAll(async () => {
  process.env = before;
  await bench.close();
});

/** Status and code of a bare GET with the given header. */
async function getWith(
  authorization: string | undefined,
): Promise<{ status: number; code: string | undefined }> {
  const token = authorization?.replace('Bearer ', '');
  const client = new ComputeManagementClient(
    { getToken: () => Promise.resolve({ token: token ?? '', expiresOnTimestamp: Date.now() + 3_600_000 }) },
    LAB_SUBSCRIPTION,
    { endpoint: bench.lab.url, tlsOptions: { ca: bench.lab.caPem } },
  );
  const { status = 0, code } = await refusalOf(client.virtualMachines.get(GROUP, 'vm1'));
  return { status, code };
}

describe('managed identity of the lab', () => {
  it('serves the unchanged DefaultAzureCredential', async () => {
    Object.assign(process.env, {
      IDENTITY_ENDPOINT: bench.lab.identity.endpoint,
      IDENTITY_HEADER: bench.lab.identity.header,
    });
    const client = new ComputeManagementClient(new DefaultAzureCredential(), LAB_SUBSCRIPTION, {
      endpoint: bench.lab.url,
      tlsOptions: { ca: bench.lab.caPem },
    });
    const vm = await client.virtualMachines.get(GROUP, 'vm1');
    expect(vm.name).toBe('vm1');
  });

  it.each([
    [
      'a wrong secret',
      { secret: 'guess', query: 'api-version=2019-08-01&resource=https://management.azure.com/' },
      401,
    ],
    ['another protocol', { query: 'api-version=2017-09-01&resource=https://management.azure.com/' }, 400],
    ['another resource', { query: 'api-version=2019-08-01&resource=https://vault.azure.net' }, 400],
  ])(
    'gives no token for %s',
    async (_case, { secret, query }: { secret?: string; query: string }, status) => {
      const headers = { 'X-IDENTITY-HEADER': secret ?? bench.lab.identity.header };
      const response = await fetch(`${bench.lab.identity.endpoint}?${query}`, { headers });
      expect(response.status).toBe(status);
    },
  );
});

describe('tokens', () => {
  it('are refused once they have expired', async () => {
    expect(await getWith(`Bearer ${bench.lab.identity.issue(-1)}`)).toEqual({
      status: 401,
      code: 'ExpiredAuthenticationToken',
    });
  });

  it('are refused when the lab never issued them', async () => {
    expect(await getWith('Bearer made-up')).toEqual({ status: 401, code: 'InvalidAuthenticationToken' });
  });

  it('are missed when they are missing', async () => {
    expect(await getWith(undefined)).toEqual({ status: 401, code: 'AuthenticationFailed' });
  });
});
