import { request } from 'node:https';
import { text } from 'node:stream/consumers';
import * as z from 'zod';
import { LAB_GROUP_ID } from '../../../lab/arm/start-lab.ts';
import { startBench, windowsVm, type Bench } from './support/lab.ts';
import { send } from './support/wire.ts';

let bench: Bench;
beforeAll(async () => {
  // The role of the service counts for the service alone.
  bench = await startBench({ assignedScopes: [] });
  await bench.lab.addVm(windowsVm('vm1'));
});
afterAll(() => bench.close());

const tokenSchema = z.object({ access_token: z.string(), token_type: z.literal('Bearer') });

/** A form as a client of Entra posts it, or a plain GET without one. */
function post(url: string, form?: Record<string, string>): Promise<{ status: number; body: unknown }> {
  const { ca, method, headers } = {
    ca: bench.lab.caPem,
    method: form ? 'POST' : 'GET',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
  };
  return new Promise((resolve, reject) => {
    request(url, { method, ca, headers }, (response) => {
      text(response).then((body) => {
        resolve({ status: response.statusCode ?? 0, body: JSON.parse(body) });
      }, reject);
    })
      .on('error', reject)
      .end(form && new URLSearchParams(form).toString());
  });
}

const credentials = () => ({
  grant_type: 'client_credentials',
  client_id: bench.lab.identity.operator.clientId,
  client_secret: bench.lab.identity.operator.secret,
  scope: 'https://management.azure.com/.default',
});
const tokenAddress = (): string =>
  `${bench.lab.url}/${bench.lab.identity.operator.tenantId}/oauth2/v2.0/token`;

describe('a service principal', () => {
  it('finds the address, signs in with its secret, and does as its owner may', async () => {
    const { tenantId } = bench.lab.identity.operator;
    const { body } = await post(`${bench.lab.url}/${tenantId}/v2.0/.well-known/openid-configuration`);
    expect(body).toMatchObject({ token_endpoint: tokenAddress() });
    const answer = await post(tokenAddress(), credentials());
    const { access_token } = tokenSchema.parse(answer.body);
    const path = `${LAB_GROUP_ID}/providers/Microsoft.Compute/virtualMachines/vm1?api-version=2026-04-01`;
    const authorized = { Authorization: `Bearer ${access_token}` };
    expect((await send(bench.lab, 'GET', path, undefined, authorized)).status).toBe(200);
    expect((await send(bench.lab, 'GET', path)).status).toBe(403);
  });

  it('may do so at AD FS, as a command line does that is told of no Entra', async () => {
    const { body } = await post(`${bench.lab.url}/adfs/.well-known/openid-configuration`);
    expect(body).toMatchObject({
      issuer: `${bench.lab.url}/adfs`,
      token_endpoint: `${bench.lab.url}/adfs/oauth2/token`,
    });
    const answer = await post(`${bench.lab.url}/adfs/oauth2/token`, credentials());
    expect(tokenSchema.safeParse(answer.body).success).toBe(true);
  });

  it.each([
    ['with another secret', { client_secret: 'guess' }, 401, 'invalid_client'],
    ['as nobody known', { client_id: 'stranger' }, 400, 'unauthorized_client'],
    ['with a password', { grant_type: 'password' }, 400, 'unsupported_grant_type'],
  ])('does not sign in %s', async (_case, wrong, status, error) => {
    expect(await post(tokenAddress(), { ...credentials(), ...wrong })).toMatchObject({
      status,
      body: { error },
    });
  });
});
