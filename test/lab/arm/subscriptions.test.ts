import { LAB_GROUP_ID, LAB_SUBSCRIPTION } from '../../../lab/arm/start-lab.ts';
import { startBench } from './support/lab.ts';
import { send } from './support/wire.ts';

it('subscriptions are seen by whoever has signed in: no role has to grant it', async () => {
  const bench = await startBench({ assignedScopes: [LAB_GROUP_ID] });
  try {
    bench.lab.redefineRole({ Actions: [], NotActions: [] });
    const list = (): ReturnType<typeof send> =>
      send(bench.lab, 'GET', '/subscriptions?api-version=2022-12-01');
    expect(await list()).toMatchObject({
      status: 200,
      body: { value: [{ subscriptionId: LAB_SUBSCRIPTION }] },
    });
    expect((await send(bench.lab, 'GET', `${LAB_GROUP_ID}?api-version=2021-04-01`)).status).toBe(403);
  } finally {
    await bench.close();
  }
});
