import { instanceIdOf } from '../../../shared/model/remediation-id.ts';
import type { Phase } from '../../../shared/model/record.ts';
import { createApp, vmIdOf, type App } from './app.ts';
import { goingOn } from './going-on.ts';

const cancel = (app: App, id: string, body: unknown) => app.call(`/api/remediations/${id}/cancel`, { body });

describe('POST /api/remediations/{id}/cancel', () => {
  it('keeps the word, wakes who waits, and says where to follow', async () => {
    const app = createApp();
    const id = await goingOn(app, 'approval');
    const answer = await cancel(app, id, { by: 'me', leaveStopped: true });
    expect(answer.status).toBe(202);
    expect(answer.headers.get('location')).toContain(id);
    expect(await app.deps.control.read(id)).toMatchObject({ by: 'me', leaveStopped: true });
    const { events } = app.engine.instances.get(instanceIdOf(vmIdOf('tls').toLowerCase())) ?? {};
    expect(events?.map(({ name }) => name)).toEqual(['cancel']);
  });

  it('lets the first word count', async () => {
    const app = createApp();
    const id = await goingOn(app, 'offline');
    await cancel(app, id, { by: 'first' });
    expect((await cancel(app, id, { by: 'second' })).status).toBe(202);
    expect(await app.deps.control.read(id)).toMatchObject({ by: 'first' });
  });

  it.each<Phase>(['verify', 'undo', 'clean-up'])('is too late in the phase %s: 409', async (phase) => {
    const app = createApp();
    const id = await goingOn(app, phase);
    const answer = await cancel(app, id, {});
    expect(answer.status).toBe(409);
    expect(answer.body).toMatchObject({ code: 'NothingToCancel' });
    expect(await app.deps.control.read(id)).toBeUndefined();
  });

  it('is 404 where nothing of that id goes on, and 400 for what is not asked like that', async () => {
    const app = createApp();
    expect((await cancel(app, 'vm-1', {})).status).toBe(404);
    const id = await goingOn(app, 'online');
    expect((await cancel(app, id, { leaveStopped: 'yes' })).status).toBe(400);
    app.engine.end(instanceIdOf(vmIdOf('tls').toLowerCase()));
    expect((await cancel(app, id, {})).status).toBe(404);
  });
});
