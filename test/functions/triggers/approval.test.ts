import type { Phase } from '../../../shared/model/record.ts';
import { instanceIdOf } from '../../../shared/model/remediation-id.ts';
import { youngRecord } from '../../shared/report/records.ts';
import { APPROVER_SECRET, createApp, vmIdOf, type App } from './app.ts';
import { goingOn } from './going-on.ts';

const INSTANCE = instanceIdOf(vmIdOf('tls').toLowerCase());

const approve = (app: App, id: string, body: unknown = { approved: true, by: 'me' }) =>
  app.call(`/api/remediations/${id}/approval`, {
    body,
    headers: { 'x-rdp-medic-approver': APPROVER_SECRET },
  });
const wokenBy = (app: App): (string | undefined)[] =>
  (app.engine.instances.get(INSTANCE)?.events ?? []).map(({ name }) => name);
/** What counts where nobody has answered by the end. */
const countsInTheEnd = (app: App, id: string) =>
  app.deps.control.decide(id, { approved: false, by: 'nobody' });

describe('POST /api/remediations/{id}/approval', () => {
  it('keeps the answer, wakes who waits for it, and says where to follow', async () => {
    const app = createApp();
    const id = await goingOn(app, 'approval');
    const answer = await approve(app, id);
    expect(answer.status).toBe(202);
    expect(answer.headers.get('location')).toContain(id);
    expect(wokenBy(app)).toEqual(['approval']);
    expect(await countsInTheEnd(app, id)).toMatchObject({ approved: true, by: 'me' });
  });

  it.each<Phase>(['preflight', 'online', 'rehearsal', 'offline', 'clean-up'])(
    'is not taken before it is asked for, nor afterwards: 409 in the phase %s, and nothing is kept',
    async (phase) => {
      const app = createApp();
      const id = await goingOn(app, phase);
      const answer = await approve(app, id);
      expect(answer.status).toBe(409);
      expect(answer.body).toMatchObject({ code: 'NothingToApprove' });
      expect(wokenBy(app)).toEqual([]);
      expect(await countsInTheEnd(app, id)).toMatchObject({ approved: false });
    },
  );

  it('of an earlier attempt does not count for the one that waits now: 404', async () => {
    const app = createApp();
    const id = await goingOn(app, 'approval');
    const earlier = `${INSTANCE}-20260228120000000-beef`;
    app.records.records.set(earlier, { ...youngRecord(), id: earlier, phase: 'approval' });
    expect((await approve(app, earlier)).status).toBe(404);
    expect(wokenBy(app)).toEqual([]);
    expect(await countsInTheEnd(app, id)).toMatchObject({ approved: false });
  });

  it('is 404 once it is over, and 400 for what is neither yes nor no', async () => {
    const app = createApp();
    const id = await goingOn(app, 'approval');
    expect((await approve(app, id, { approved: 'yes' })).status).toBe(400);
    app.engine.end(INSTANCE);
    expect((await approve(app, id)).status).toBe(404);
  });
});
