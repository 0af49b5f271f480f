import { MedicError } from '../../../shared/errors.ts';
import { instanceIdOf } from '../../../shared/model/remediation-id.ts';
import { createApp, PERSON, TENANT, vmIdOf } from './app.ts';

describe('The queue remediation-requests', () => {
  it.each<[string, (json: string) => unknown]>([
    ['parsed', (json): unknown => JSON.parse(json)],
    ['plain', (json) => json],
    ['in base64', (json) => Buffer.from(json).toString('base64')],
  ])('starts what is asked for, %s', async (_how, encode) => {
    const app = createApp();
    const vmId = app.addVm('tls');
    await app.take(encode(JSON.stringify({ vmId: vmIdOf('TLS'), mode: 'online' })), 'message-7');
    expect(app.engine.instances.get(instanceIdOf(vmId))?.input).toMatchObject({
      request: { vmId, mode: 'online', source: { kind: 'queue', id: 'message-7' } },
    });
    expect(await app.intake.listAside()).toEqual([]);
  });

  it('waits again, and never alone, where there is still no place', async () => {
    const app = createApp({ policy: { limits: { concurrentPerSubscription: 1 } } });
    const [a, b] = [app.addVm('a'), app.addVm('b')];
    await app.take({ vmId: a });
    for (let round = 0; round < 5; round++) {
      app.pass(60);
      await app.take({ vmId: b });
    }
    expect(app.queue.messages).toHaveLength(5);
    expect(app.engine.started).toBe(1);
    expect(await app.intake.listWaiting()).toMatchObject([{ vmId: b }]);
  });

  it('queues a VM anew whose earlier message was refused meanwhile', async () => {
    const app = createApp({ policy: { limits: { concurrentPerSubscription: 1 } } });
    const [a, b, c] = [app.addVm('a'), app.addVm('b'), app.addVm('c')];
    await app.take({ vmId: a });
    await app.call('/api/remediations', { body: { vmId: b } });
    app.addVm('b', { powerState: 'stopped' });
    app.engine.end(instanceIdOf(a));
    app.pass(60);
    await app.take(app.queue.messages.pop()?.request);
    expect(await app.intake.listAside()).toMatchObject([{ problem: { code: 'VmNotRunning' } }]);
    await app.take({ vmId: c });
    app.addVm('b');
    await app.call('/api/remediations', { body: { vmId: b } });
    expect(app.queue.messages).toMatchObject([{ request: { vmId: b } }]);
  });

  it('believes no source that somebody else wrote into a message', async () => {
    const app = createApp({ policy: { sources: { queue: { modes: ['diagnose'] } } } });
    const vmId = app.addVm('tls');
    const source = { kind: 'operator', by: { tid: TENANT, oid: PERSON, name: 'the CIO' } };
    await app.take({ vmId, mode: 'full', source }, 'message-7');
    expect(app.engine.started).toBe(0);
    expect(await app.intake.listAside()).toMatchObject([
      { problem: { code: 'PolicyRefused' }, request: { source: { kind: 'queue', id: 'message-7' } } },
    ]);
    await app.take({ vmId, mode: 'diagnose', source }, 'message-8');
    const [instance] = [...app.engine.instances.values()];
    expect(instance?.input).toMatchObject({ request: { source: { kind: 'queue', id: 'message-8' } } });
  });

  it('keeps the source of what had to wait', async () => {
    const app = createApp({
      policy: { limits: { concurrentPerSubscription: 1 }, sources: { queue: { modes: [] } } },
    });
    const [a, b] = [app.addVm('a'), app.addVm('b')];
    await app.call('/api/remediations', { body: { vmId: a } });
    await app.call('/api/remediations', { body: { vmId: b, options: { keepDays: 9 } } });
    app.engine.end(instanceIdOf(a));
    app.pass(60);
    await app.take(JSON.stringify(app.queue.messages.pop()?.request));
    expect(app.engine.instances.get(instanceIdOf(b))?.input).toMatchObject({
      request: { source: { kind: 'manual' }, options: { keepDays: 9 } },
    });
  });

  it('puts aside, with the reason, what can never succeed', async () => {
    const app = createApp();
    app.addVm('linux', { osType: 'Linux' });
    await app.take('hello', 'm-1');
    await app.take({ vmId: 'tls' }, 'm-2');
    await app.take({ vmId: vmIdOf('linux') }, 'm-3');
    expect(await app.intake.listAside()).toMatchObject([
      { id: 'm-1', problem: { code: 'BodyNotJson' }, bytes: 5 },
      { id: 'm-2', problem: { code: 'RequestInvalid' } },
      { id: 'm-3', problem: { code: 'NotWindows' }, request: { vmId: vmIdOf('linux').toLowerCase() } },
    ]);
    expect((await app.call('/api/remediations')).body).toMatchObject({
      poison: [{ id: 'm-1' }, { id: 'm-2' }, { id: 'm-3' }],
    });
    expect(app.engine.started).toBe(0);
  });

  it('throws what may succeed later, so that the host tries again, and the poison watcher knows why', async () => {
    const app = createApp();
    const vmId = app.addVm('tls');
    app.deps.vms.find = () => Promise.reject(new Error('connect ETIMEDOUT; AccountKey=hunter2'));
    await expect(app.take({ vmId }, 'm-1')).rejects.toThrow('ETIMEDOUT');
    expect(await app.intake.listAside()).toEqual([]);

    // The host moves its text, under a new id.
    await app.takePoison({ vmId }, 'm-2');
    expect(await app.intake.listAside()).toMatchObject([
      {
        queue: 'remediation-requests-poison',
        problem: { code: 'Internal', message: expect.stringContaining('ETIMEDOUT') },
        request: { vmId },
      },
    ]);
    expect(app.logs.join() + app.intake.everything()).not.toContain('hunter2');
  });

  it('lets wait, and never gives up, what Azure throttles, and says so', async () => {
    const app = createApp();
    const vmId = app.addVm('tls');
    const find = app.deps.vms.find.bind(app.deps.vms);
    app.deps.vms.find = () => Promise.reject(new MedicError('AzureThrottled', 'Too many reads.'));
    await app.take({ vmId }, 'm-0');
    for (let round = 0; round < 10; round++) {
      app.pass(60);
      await app.take(JSON.stringify(app.queue.messages.pop()?.request));
    }
    expect(await app.intake.listAside()).toEqual([]);
    expect(await app.intake.listWaiting()).toMatchObject([{ vmId, reason: 'Too many reads.' }]);
    app.deps.vms.find = find;
    app.pass(60);
    await app.take(JSON.stringify(app.queue.messages.pop()?.request));
    expect(app.engine.started).toBe(1);
    expect(app.queue.messages).toEqual([]);
    expect(await app.intake.listWaiting()).toEqual([]);
  });

  it('asks nothing of Azure for a VM that waits while there is no place', async () => {
    const app = createApp({ policy: { limits: { concurrentPerSubscription: 1 } } });
    const [a, b] = [app.addVm('a'), app.addVm('b')];
    await app.take({ vmId: a });
    app.deps.vms.find = () => Promise.reject(new Error('Azure was asked.'));
    await app.take({ vmId: b });
    expect(await app.intake.listWaiting()).toMatchObject([
      { vmId: b, reason: 'the limit of 1 concurrent remediations in the subscription is reached' },
    ]);
  });

  it('keeps of what it cannot read only how it can be recognised', async () => {
    const app = createApp();
    await app.takePoison('password=hunter2', 'm-1');
    await app.take('password=hunter2', 'm-2');
    expect(app.logs.join() + app.intake.everything()).not.toContain('hunter2');
    expect(await app.intake.listAside()).toMatchObject([
      { sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      {},
    ]);
  });
});
