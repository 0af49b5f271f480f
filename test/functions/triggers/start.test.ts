import { countRunning } from '../../../functions/triggers/admit.ts';
import { startRemediation } from '../../../functions/triggers/start.ts';
import { remediationRequestSchema } from '../../../shared/model/request.ts';
import { createApp } from './app.ts';

const requestFor = (vmId: string) => remediationRequestSchema.parse({ vmId, source: { kind: 'manual' } });

describe('Two starts in the very same instant', () => {
  it('are one remediation, and both callers get its address, though the engine accepts both', async () => {
    const app = createApp();
    const vmId = app.addVm('tls');
    app.engine.raceOf(2);
    const answers = await Promise.all([
      startRemediation(app.engine, app.deps, requestFor(vmId)),
      startRemediation(app.engine, app.deps, requestFor(vmId)),
    ]);
    expect(app.engine.started).toBe(1);
    expect(answers.map(({ status }) => status).sort()).toEqual(['joined', 'started']);
    const ids = answers.map((answer) => ('remediationId' in answer ? answer.remediationId : 'none'));
    expect(new Set(ids).size).toBe(1);
  });

  it('do not use up two places', async () => {
    const app = createApp({ policy: { limits: { concurrentPerSubscription: 2 } } });
    const [a, b] = [app.addVm('a'), app.addVm('b')];
    app.engine.raceOf(2);
    await Promise.all([a, a].map((id) => startRemediation(app.engine, app.deps, requestFor(id))));
    app.engine.raceOf(1);
    expect(await startRemediation(app.engine, app.deps, requestFor(b))).toMatchObject({ status: 'started' });
  });
});

describe('A source that has started what an hour holds', () => {
  const policy = { sources: { caller: { perHour: 2 } } };
  it('waits in the queue, and is let in later', async () => {
    const app = createApp({ policy });
    const vms = ['a', 'b', 'c'].map((name) => app.addVm(name));
    const ask = (vmId = '') => startRemediation(app.engine, app.deps, requestFor(vmId));
    const answers = [await ask(vms[0]), await ask(vms[1]), await ask(vms[2])];
    expect(answers.map(({ status }) => status)).toEqual(['started', 'started', 'queued']);
    expect(answers[2]).toMatchObject({ reason: 'caller has started 2 of 2 remediations allowed per hour' });
    app.pass(3600);
    expect(await ask(vms[2])).toMatchObject({ status: 'started' });
  });
  it('is counted by itself, and gives the place back that it could not use', async () => {
    const app = createApp({ policy });
    const vms = Array.from({ length: 6 }, (_, index) => app.addVm(`vm-${index}`));
    await Promise.all(vms.map((vmId) => startRemediation(app.engine, app.deps, requestFor(vmId))));
    expect(app.engine.started).toBe(2);
    expect(await app.intake.placeHolders('00000000-0000-4000-8000-000000000001')).toHaveLength(2);
    await app.take({ vmId: vms[5] });
    expect(app.engine.started).toBe(3);
  });
});

describe('A start that the engine does not take', () => {
  it('gives its place back and says so', async () => {
    const app = createApp();
    const vmId = app.addVm('tls');
    app.engine.startNew = () => Promise.reject(new Error('503'));
    await expect(startRemediation(app.engine, app.deps, requestFor(vmId))).rejects.toMatchObject({
      code: 'EngineUnavailable',
    });
    expect(await app.intake.placeHolders('00000000-0000-4000-8000-000000000001')).toEqual([]);
  });
});

describe('An engine that does not respond', () => {
  it('is named to the caller, who asks again and starts the repair', async () => {
    const app = createApp();
    const body = { vmId: app.addVm('tls') };
    const getStatus = app.engine.getStatus.bind(app.engine);
    const address = 'http://127.0.0.1/instances?code=hunter2';
    app.engine.getStatus = () => Promise.reject(new Error(`socket hang up: ${address}`));
    expect(await app.call('/api/remediations', { body })).toMatchObject({
      status: 503,
      body: {
        code: 'EngineUnavailable',
        detail: expect.stringMatching(/socket hang up(?!.*hunter2)/) as string,
      },
    });
    app.engine.getStatus = getStatus;
    expect(await app.call('/api/remediations', { body })).toMatchObject({ status: 202 });
    expect(app.engine.started).toBe(1);
  });

  it('lets a message of the queue wait, and never gives it up', async () => {
    const app = createApp();
    const vmId = app.addVm('tls');
    const getStatus = app.engine.getStatus.bind(app.engine);
    app.engine.getStatus = () => Promise.reject(new Error('socket hang up'));
    await app.take({ vmId });
    expect(await app.intake.listAside()).toEqual([]);
    app.engine.getStatus = getStatus;
    app.pass(60);
    await app.take(app.queue.messages.pop()?.request);
    expect(app.engine.started).toBe(1);
  });
});

describe('Never more than N at once', () => {
  it('in a subscription, however many ask together', async () => {
    const app = createApp({ policy: { limits: { concurrentPerSubscription: 7 } } });
    const vms = Array.from({ length: 40 }, (_, index) => app.addVm(`vm-${index}`));
    const answers = await Promise.all(
      vms.map((id) => startRemediation(app.engine, app.deps, requestFor(id))),
    );
    expect(app.engine.started).toBe(7);
    expect(answers.filter(({ status }) => status === 'queued')).toHaveLength(33);
    expect(app.queue.messages).toHaveLength(33);
  });
});

describe('The place that a VM holds itself', () => {
  it('is none that keeps it from being repaired, and of the others only what goes on counts', async () => {
    const app = createApp({ policy: { limits: { concurrentPerSubscription: 1 } } });
    const [own, other] = [app.addVm('own'), app.addVm('other')];
    const isOver = (): Promise<boolean> => Promise.resolve(false);
    await startRemediation(app.engine, app.deps, requestFor(own));
    expect(await countRunning(app.deps, own, isOver)).toBe(0);
    expect(await countRunning(app.deps, other, isOver)).toBe(1);
    expect(await countRunning(app.deps, other, () => Promise.resolve(true))).toBe(0);
  });
});

describe('A ticket that asks for what goes on already', () => {
  const ticket = { kind: 'ticket', name: 'jira', id: 'OPS-1', replyTo: 'https://jira.example/1' } as const;
  it.each<[number, object]>([
    [0, {}],
    [1, { name: 'github' }],
    [1, { id: 'OPS-2' }],
    [1, { replyTo: 'https://jira.example/2' }],
  ])('is told of it %i times where it differs by %j', async (followers, changes) => {
    const app = createApp();
    const vmId = app.addVm('tls');
    const ask = (source: object) =>
      startRemediation(app.engine, app.deps, remediationRequestSchema.parse({ vmId, source }));
    await ask(ticket);
    expect((await ask({ ...ticket, ...changes })).status).toBe('joined');
    expect(app.news).toHaveLength(followers);
  });

  it('is told of nothing where it is no ticket', async () => {
    const app = createApp();
    const vmId = app.addVm('tls');
    await startRemediation(app.engine, app.deps, requestFor(vmId));
    expect((await startRemediation(app.engine, app.deps, requestFor(vmId))).status).toBe('joined');
    expect(app.news).toEqual([]);
    expect(app.engine.started).toBe(1);
  });
});
