import { createServer } from 'node:https';
import { createAzure } from '../../../shared/azure/clients.ts';
import { readVm } from '../../../shared/azure/inspect-vm.ts';
import { MedicError } from '../../../shared/errors.ts';
import { selfSigned } from '../probe/certificates.ts';

it('a call that Azure never answers ends in time, and may be tried again', async () => {
  const identity = await selfSigned('CN=localhost', '2020-01-01', '2040-01-01');
  const server = createServer(identity, () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bound = server.address();
  const port = typeof bound === 'object' && bound ? bound.port : 0;
  const azure = createAzure({
    endpoint: `https://localhost:${String(port)}`,
    ca: identity.cert,
    timeoutMs: 200,
    credential: {
      getToken: () => Promise.resolve({ token: 't', expiresOnTimestamp: Date.now() + 3_600_000 }),
    },
  });
  const vmId =
    '/subscriptions/00000000-0000-4000-8000-000000000001/resourcegroups/rg/providers/microsoft.compute/virtualmachines/web';
  const error = await readVm(azure, vmId).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(MedicError);
  expect(error).toMatchObject({ code: 'AzureUnavailable' });
  server.closeAllConnections();
  server.close();
});
