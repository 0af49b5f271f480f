import * as z from 'zod';
import { approvalEvent, type Question } from '../../../shared/model/approval.ts';
import { instanceIdOf } from '../../../shared/model/remediation-id.ts';
import type { Phase } from '../../../shared/model/record.ts';
import type { RequestSource } from '../../../shared/model/request.ts';
import { youngRecord } from '../../shared/report/records.ts';
import { APPROVER_SECRET, createApp, NOW, PERSON, signedIn, TENANT, vmIdOf, type App } from './app.ts';

const PLAN = 'a'.repeat(64);
const OTHER = '00000000-0000-4000-8000-00000000cccc';
const THIRD = '00000000-0000-4000-8000-00000000dddd';
const KEY = { 'x-rdp-medic-approver': APPROVER_SECRET };
const approver = (oid: string, changes = {}) =>
  signedIn(['Approve'], { oid, preferred_username: `${oid.slice(-4)}@example.com`, ...changes });

/** A remediation that waits for a person; gives back its id. */
async function waiting(
  app: App,
  { question, source = { kind: 'manual' } }: { question?: Partial<Question>; source?: RequestSource } = {},
): Promise<string> {
  app.addVm('tls');
  const headers = signedIn(['Request']);
  const { body } = await app.call('/api/remediations', { body: { vmId: vmIdOf('tls') }, headers });
  const { id } = z.object({ id: z.string() }).parse(body);
  const young = youngRecord();
  app.records.records.set(id, {
    ...young,
    id,
    phase: 'approval',
    request: { ...young.request, source },
    question: {
      about: 'offline',
      plan: PLAN,
      expiresAt: new Date(NOW + 3600_000).toISOString(),
      ...question,
    },
  });
  return id;
}

async function say(app: App, id: string, headers: Record<string, string>, body: object = {}) {
  const path = `/api/remediations/${id}/approval`;
  const answer = await app.call(path, { body: { approved: true, plan: PLAN, ...body }, headers });
  return { status: answer.status, body: answer.body };
}

const events = (app: App) =>
  app.engine.instances.get(instanceIdOf(vmIdOf('tls').toLowerCase()))?.events.map(({ name }) => name);
/** The answer that counts: that of whoever closes the question now, unless there was one. */
const counts = (app: App, id: string) =>
  app.deps.control.decide(id, PLAN, { approved: false, by: 'nobody', principals: [] });

describe('Who approved', () => {
  it('is whoever has signed in, whatever a body says', async () => {
    const app = createApp({ auth: 'entra' });
    const id = await waiting(app);
    expect((await say(app, id, approver(OTHER), { by: 'the CIO' })).status).toBe(400);
    expect((await say(app, id, approver(OTHER))).status).toBe(202);
    expect(await counts(app, id)).toEqual({
      approved: true,
      by: `cccc@example.com (${OTHER})`,
      principals: [{ tid: TENANT, oid: OTHER, name: 'cccc@example.com' }],
    });
    expect(events(app)).toEqual([approvalEvent('offline')]);
  });
  it('is no person, with keys', async () => {
    const app = createApp();
    const id = await waiting(app);
    expect((await say(app, id, KEY)).status).toBe(202);
    expect(await counts(app, id)).toMatchObject({
      by: 'someone with the approver secret',
      principals: [],
    });
  });
});

describe('Nobody approves', () => {
  const by = { tid: TENANT, oid: PERSON, name: 'ada@example.com' };
  it.each<[string, Record<string, string | undefined>]>([
    ['without scope and user name', { preferred_username: undefined }],
    ['whose subject it is itself', { sub: OTHER, scp: 'user_impersonation' }],
    ['whose token says so', { idtyp: 'app', scp: 'user_impersonation' }],
  ])('that is a program, %s', async (_how, changes) => {
    const app = createApp({ auth: 'entra' });
    const id = await waiting(app);
    const answer = await say(app, id, approver(OTHER, changes));
    expect(answer).toMatchObject({ status: 403, body: { code: 'RoleMissing' } });
  });

  it('but who has a scope may, without a user name', async () => {
    const app = createApp({ auth: 'entra' });
    const id = await waiting(app);
    const person = { preferred_username: undefined, scp: 'user_impersonation' };
    expect((await say(app, id, approver(OTHER, person))).status).toBe(202);
  });

  it.each<[string, Record<string, string>, string]>([
    ['what he asked for himself', approver(PERSON), 'OwnRequest'],
    [
      'what he asked for himself, under another name',
      approver(PERSON, { preferred_username: 'eve' }),
      'OwnRequest',
    ],
    ['as a program', approver(OTHER, { preferred_username: undefined, sub: OTHER }), 'RoleMissing'],
    ['as a program that says it is one', approver(OTHER, { idtyp: 'app' }), 'RoleMissing'],
    ['as a program that is called like a person', approver(OTHER, { sub: OTHER }), 'RoleMissing'],
    ['without the role', signedIn(['Request', 'Operate'], { oid: OTHER }), 'RoleMissing'],
  ])('%s', async (_what, headers, code) => {
    const app = createApp({ auth: 'entra' });
    const id = await waiting(app, { source: { kind: 'manual', by } });
    expect(await say(app, id, headers)).toMatchObject({ status: 403, body: { code } });
    expect(events(app)).toEqual([]);
    expect(await counts(app, id)).toMatchObject({ by: 'nobody' });
  });
  it('from another tenant', async () => {
    const app = createApp({ auth: 'entra' });
    const id = await waiting(app);
    expect((await say(app, id, approver(OTHER, { tid: OTHER }))).status).toBe(401);
  });
});

describe('A yes counts', () => {
  it.each<[string, Partial<Question> | undefined, object, number]>([
    ['for no other plan', undefined, { plan: 'b'.repeat(64) }, 409],
    ['for no plan at all', undefined, { plan: undefined }, 400],
    ['no longer than the question', { expiresAt: new Date(NOW).toISOString() }, {}, 409],
    ['for the plan', undefined, {}, 202],
  ])('%s', async (_what, question, body, status) => {
    const app = createApp();
    const id = await waiting(app, question && { question });
    expect((await say(app, id, KEY, body)).status).toBe(status);
    expect(events(app)).toHaveLength(status === 202 ? 1 : 0);
  });
  it('once: a later word of another is told so', async () => {
    const app = createApp({ auth: 'entra' });
    const id = await waiting(app);
    expect((await say(app, id, approver(OTHER), { approved: false })).status).toBe(202);
    expect(await say(app, id, approver(THIRD))).toMatchObject({
      status: 409,
      body: { code: 'NothingToApprove' },
    });
    expect(await counts(app, id)).toMatchObject({ approved: false });
  });
  it.each<[string, string, boolean]>([
    ['the same person’s no', OTHER, false],
    ['another person’s yes', THIRD, true],
  ])('once: after a yes, %s is told so, and changes nothing', async (_whose, oid, approved) => {
    const app = createApp({ auth: 'entra' });
    const id = await waiting(app);
    await say(app, id, approver(OTHER));
    expect(await say(app, id, approver(oid), { approved })).toMatchObject({
      status: 409,
      body: { code: 'NothingToApprove' },
    });
    expect(await counts(app, id)).toMatchObject({ approved: true, principals: [{ oid: OTHER }] });
    expect(events(app)).toHaveLength(1);
  });
  it.each<Phase>(['preflight', 'online', 'rehearsal', 'offline', 'clean-up'])(
    'not before it is asked for, nor afterwards: in the phase %s',
    async (phase) => {
      const app = createApp();
      const id = await waiting(app);
      const record = app.records.records.get(id);
      if (record) app.records.records.set(id, { ...record, phase });
      expect(await say(app, id, KEY)).toMatchObject({ status: 409, body: { code: 'NothingToApprove' } });
      expect(events(app)).toEqual([]);
      expect(await counts(app, id)).toMatchObject({ approved: false });
    },
  );
  it('not where it was given to an earlier attempt', async () => {
    const app = createApp();
    const id = await waiting(app);
    const earlier = `${instanceIdOf(vmIdOf('tls').toLowerCase())}-20260228120000000-beef`;
    const record = app.records.records.get(id);
    if (record) app.records.records.set(earlier, { ...record, id: earlier });
    expect((await say(app, earlier, KEY)).status).toBe(404);
    expect(events(app)).toEqual([]);
  });
  it('not once it is over', async () => {
    const app = createApp();
    const id = await waiting(app);
    expect((await say(app, id, KEY, { approved: 'yes' })).status).toBe(400);
    app.engine.end(instanceIdOf(vmIdOf('tls').toLowerCase()));
    expect((await say(app, id, KEY)).status).toBe(404);
  });
  it('never by a GET, which a link or its preview would send', async () => {
    const app = createApp();
    const id = await waiting(app);
    const answer = await app.call(`/api/remediations/${id}/approval?approved=true&plan=${PLAN}`, {
      headers: KEY,
    });
    expect(answer.status).toBe(405);
    expect(events(app)).toEqual([]);
  });
});

describe('Where two have to approve', () => {
  const policy = { approval: { modes: ['full' as const], approvers: 2 as const } };
  it('the second must be another', async () => {
    const app = createApp({ auth: 'entra', policy });
    const id = await waiting(app);
    for (const _again of [1, 2])
      expect(await say(app, id, approver(OTHER))).toMatchObject({
        status: 202,
        body: { status: 'waits-for-another-approver' },
      });
    expect(events(app)).toEqual([]);
    expect((await say(app, id, approver(THIRD))).status).toBe(202);
    expect(events(app)).toHaveLength(1);
    expect(await counts(app, id)).toMatchObject({
      approved: true,
      principals: [{ oid: OTHER }, { oid: THIRD }],
    });
  });
  it('one no is enough', async () => {
    const app = createApp({ auth: 'entra', policy });
    const id = await waiting(app);
    await say(app, id, approver(OTHER));
    expect((await say(app, id, approver(THIRD), { approved: false })).status).toBe(202);
    expect(await counts(app, id)).toMatchObject({ approved: false });
  });
});
