import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { parseActors } from '../../../lab/actors/parse.ts';
import { LAB_SUBSCRIPTION } from '../../../lab/arm/start-lab.ts';
import { GROUP, refusalOf, startBench, windowsVm, type Bench } from '../arm/support/lab.ts';
import { send, shapeOf } from '../arm/support/wire.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await startBench();
  await bench.lab.addVm(windowsVm('vm1'));
});
afterEach(() => bench.close());

const listSchema = z.object({
  value: z.array(
    z.looseObject({
      caller: z.string(),
      operationName: z.object({ value: z.string() }),
      status: z.object({ value: z.string() }),
      eventTimestamp: z.string(),
      correlationId: z.string(),
    }),
  ),
});

const START = '2026-01-01T00:00:00Z';
const wait = (seconds: number) =>
  new Promise<void>((resolve) => {
    bench.clock.setTimer(bench.clock.now() + seconds * 1000, resolve);
  });

async function read(filter: string, more = ''): Promise<{ status: number; body: unknown }> {
  const query = `api-version=2015-04-01&$filter=${encodeURIComponent(filter)}${more}`;
  const path = `/subscriptions/${LAB_SUBSCRIPTION}/providers/microsoft.insights/eventtypes/management/values`;
  return send(bench.lab, 'GET', `${path}?${query}`);
}
const events = async (filter: string) =>
  listSchema
    .parse((await read(filter)).body)
    .value.map(({ caller, operationName, status }) => `${caller} ${operationName.value} ${status.value}`);

describe('activity log', () => {
  it('tells who asked for what and what became of it; reads are not in it', async () => {
    await bench.compute.virtualMachines.get(GROUP, 'vm1');
    await bench.finish(bench.compute.virtualMachines.deallocate(GROUP, 'vm1'));
    bench.lab.actors.add(...parseActors('watchdog: now -> start on vm1'));
    await bench.clock.idle();
    expect(bench.lab.activity()).toMatchObject([
      { caller: bench.lab.identity.principal.objectId, status: 'Succeeded', method: 'POST', httpStatus: 202 },
      {
        caller: 'watchdog@contoso.example',
        action: 'Microsoft.Compute/virtualMachines/start/action',
        resource: bench.lab.vm('vm1').id,
        status: 'Succeeded',
      },
    ]);
  });

  it('has refusals and failures with their codes', async () => {
    bench.lab.addLock(bench.lab.vm('vm1').id, 'keep', 'CanNotDelete');
    await refusalOf(bench.compute.virtualMachines.delete(GROUP, 'vm1'));
    await bench.finish(bench.compute.virtualMachines.deallocate(GROUP, 'vm1'));
    bench.lab.catalogue.exhausted.push({ size: 'Standard_D2s_v5' });
    await bench.finish(bench.compute.virtualMachines.start(GROUP, 'vm1')).catch(() => undefined);
    expect(bench.lab.activity().map(({ status, errorCode }) => [status, errorCode])).toEqual([
      ['Failed', 'ScopeLocked'],
      ['Succeeded', undefined],
      ['Failed', 'AllocationFailed'],
    ]);
  });

  it('does not know of a call that never arrived', async () => {
    bench.lab.faults.add({ match: { action: '*' }, effect: { kind: 'reset' } });
    await bench.finish(bench.compute.virtualMachines.restart(GROUP, 'vm1')).catch(() => undefined);
    expect(bench.lab.activity()).toEqual([]);
  });

  it('is taken along into another lab', async () => {
    await bench.finish(bench.compute.virtualMachines.restart(GROUP, 'vm1'));
    const next = await startBench({ state: bench.lab.save() });
    expect(next.lab.activity()).toEqual(bench.lab.activity());
    await next.close();
  });
});

describe('activity log read over ARM', () => {
  const restart = () => bench.finish(bench.compute.virtualMachines.restart(GROUP, 'vm1'));

  it('shows begin, acceptance and end of an operation, the newest first, some minutes late', async () => {
    await restart();
    expect(await events(`eventTimestamp ge '${START}'`)).toEqual([]);
    await wait(180);
    const { objectId } = bench.lab.identity.principal;
    expect(await events(`eventTimestamp ge '${START}'`)).toEqual(
      ['Succeeded', 'Accepted', 'Started'].map(
        (status) => `${objectId} Microsoft.Compute/virtualMachines/restart/action ${status}`,
      ),
    );
  });

  it('has the members of the published example', async () => {
    const fixture = join(import.meta.dirname, '../../fixtures/arm/insights-activityLogs-list-filtered.json');
    const example = z
      .object({ responses: z.object({ 200: z.object({ body: z.json() }) }) })
      .parse(JSON.parse(readFileSync(fixture, 'utf8')));
    bench.lab.actors.add(...parseActors('admin: now -> restart on vm1'));
    await bench.clock.idle();
    await wait(180);
    const shown = shapeOf((await read(`eventTimestamp ge '${START}'`)).body);
    // Claims of a person's token that the lab has no person for.
    const without = /claims\.(?!aud|.*upn|.*\/name$)|nextLink/;
    const missing = [...shapeOf(example.responses[200].body)].filter(
      (member) => !shown.has(member) && !without.test(member),
    );
    expect(missing).toEqual([]);
  });

  it('narrows to a resource, a group, a provider, a correlation id and a span of time', async () => {
    await restart();
    bench.lab.actors.add(...parseActors('admin: now -> lock CanNotDelete group on vm1'));
    await bench.clock.idle();
    await wait(180);
    const span = `eventTimestamp ge '${START}' and eventTimestamp le '2027-01-01T00:00:00Z'`;
    const [first] = bench.lab.activity();
    const count = async (narrower: string) => (await events(`${span} and ${narrower}`)).length;
    expect(await count(`resourceUri eq '${bench.lab.vm('vm1').id}'`)).toBe(3);
    expect(await count(`resourceGroupName eq '${GROUP}'`)).toBe(5);
    expect(await count("resourceProvider eq 'Microsoft.Authorization'")).toBe(2);
    expect(await count(`correlationId eq '${first?.correlationId ?? ''}'`)).toBe(3);
    expect(await events("eventTimestamp ge '2027-01-01T00:00:00Z'")).toEqual([]);
  });

  it('gives the members asked for and no more', async () => {
    await restart();
    await wait(180);
    const { body } = await read(`eventTimestamp ge '${START}'`, '&$select=status,correlationId');
    const { value } = z.object({ value: z.array(z.record(z.string(), z.unknown())) }).parse(body);
    expect(Object.keys(value[0] ?? {}).toSorted()).toEqual(['correlationId', 'status']);
  });

  it.each(['', "caller eq 'admin'", "eventTimestamp ge 'yesterday'"])(
    'refuses the filter %p',
    async (filter) => {
      expect((await read(filter)).status).toBe(400);
    },
  );
});
