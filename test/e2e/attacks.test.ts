import { createHmac } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { QueueClient } from '@azure/storage-queue';
import * as z from 'zod';
import { fleetVm } from '../../lab/fleet/index.ts';
import { alertFor } from '../../local/demo/alert.ts';
import { instanceIdOf } from '../../shared/model/remediation-id.ts';
import { storageAccount } from '../support/storage.ts';
import { openTheatre, type Theatre } from './support/theatre.ts';

const ACCOUNT = 122;
const SECRET = 'the secret of the generic connector';
const now = Date.now();
const refusalSchema = z.looseObject({ status: z.number(), code: z.string(), rule: z.string().optional() });
const takenSchema = z.object({
  results: z.array(z.object({ status: z.string(), code: z.string().optional() })),
});
const listSchema = z.object({ remediations: z.array(z.unknown()), poison: z.array(z.unknown()) });

let theatre: Theatre;
beforeAll(async () => {
  process.env['RDP_MEDIC_SECRET_GENERIC'] = SECRET;
  theatre = await openTheatre(ACCOUNT, {
    fleet: ['tls', 'peer'].map((name) => fleetVm(name, { now })),
    policy: {
      peers: { allowed: false },
      sources: {
        alert: { modes: [] },
        ticket: { modes: ['diagnose'] },
        connectors: {
          generic: {
            modes: ['diagnose', 'online'],
            addresses: ['10.20.0.0/16'],
            options: ['peerVmId'],
          },
        },
        queue: { modes: ['diagnose'] },
        caller: { modes: ['diagnose', 'rehearse', 'online'] },
      },
    },
  });
});
afterAll(async () => {
  await theatre.close();
  Reflect.deleteProperty(process.env, 'RDP_MEDIC_SECRET_GENERIC');
});

const idOf = (name: string): string => theatre.stage.lab.vm(name).id;
const asCaller = (asked: object): Promise<Response> =>
  theatre.stage.call('POST', '/api/remediations', { vmId: idOf('tls'), ...asked });

let tickets = 0;
const asTicket = (asked: object, at = Date.now()): Promise<Response> =>
  send({ vmId: idOf('tls'), ticket: `T-${String(++tickets)}`, ...asked }, at);

/** Sends a ticket, signed with this secret. */
function send(ticket: object, at = Date.now(), secret = SECRET): Promise<Response> {
  const { url, functionKey } = theatre.stage.host;
  const body = JSON.stringify(ticket);
  const stamp = String(Math.floor(at / 1000));
  const signature = createHmac('sha256', secret).update(`${stamp}.${body}`).digest('hex');
  return fetch(`${url}/api/tickets/generic`, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/json',
      'x-functions-key': functionKey,
      'x-rdp-medic-timestamp': stamp,
      'x-rdp-medic-signature': `sha256=${signature}`,
    },
  });
}

/** Nothing was started, and nothing that Azure has was changed. */
async function expectUntouched(): Promise<void> {
  const list = await theatre.stage.call('GET', '/api/remediations');
  expect(listSchema.parse(await list.json()).remediations).toEqual([]);
  expect(theatre.stage.lab.activity()).toEqual([]);
}

describe('Over HTTP, whoever asks for more than the owner gave', () => {
  const rebuild = { mode: 'online', options: { restoreWay: 'rebuild', acceptLosses: ['extensions'] } };
  it.each<[string, () => Promise<Response>, string]>([
    ['as a caller: to go further', () => asCaller({ mode: 'full' }), 'source-mode'],
    ['as a caller: a rebuild', () => asCaller(rebuild), 'source-restore-way'],
    [
      'as a caller: losses of a rebuild that it may not ask for',
      () => asCaller({ mode: 'online', options: { acceptLosses: ['extensions'] } }),
      'accepted-losses',
    ],
    [
      'as a caller: old TLS',
      () => asCaller({ mode: 'online', options: { legacyTls: true } }),
      'source-options',
    ],
    [
      'as a caller: an address of its own',
      () => asCaller({ mode: 'online', options: { adminAddresses: ['203.0.113.66'] } }),
      'source-addresses',
    ],
    [
      'as a caller: another VM to change as well',
      () => asCaller({ mode: 'online', options: { peerVmId: idOf('peer') } }),
      'source-options',
    ],
    ['as a signed ticket: to go further', () => asTicket({ mode: 'full' }), 'source-mode'],
    ['as a signed ticket: a rebuild', () => asTicket(rebuild), 'source-restore-way'],
    [
      'as a signed ticket: an address outside its blocks',
      () => asTicket({ mode: 'online', options: { adminAddresses: ['203.0.113.66'] } }),
      'source-addresses',
    ],
    [
      'as a signed ticket: the same address written as IPv6',
      () => asTicket({ mode: 'online', options: { adminAddresses: ['::ffff:203.0.113.66'] } }),
      'source-addresses',
    ],
    [
      'as a signed ticket: a block around its own',
      () => asTicket({ mode: 'online', options: { adminAddresses: ['10.0.0.0/8'] } }),
      'source-addresses',
    ],
    [
      'as a signed ticket: a peer, where the policy allows none',
      () => asTicket({ mode: 'online', options: { peerVmId: idOf('peer') } }),
      'peer',
    ],
    [
      'as a signed ticket: a longer keeping',
      () => asTicket({ mode: 'online', options: { keepDays: 90 } }),
      'source-options',
    ],
  ])('%s: is refused by name of the rule, and nothing is touched', async (_what, ask, rule) => {
    const answer = await ask();
    expect(answer.status).toBe(403);
    expect(refusalSchema.parse(await answer.json())).toMatchObject({ code: 'PolicyRefused', rule });
    await expectUntouched();
  });

  it('an alert, where the policy gives alerts nothing', async () => {
    const answer = await theatre.stage.call('POST', '/api/alerts', alertFor([idOf('tls')]));
    expect(takenSchema.parse(await answer.json()).results).toEqual([
      { status: 'refused', code: 'PolicyRefused' },
    ]);
    await expectUntouched();
  });

  it.each<[string, () => Promise<Response>, number, string]>([
    [
      'a signature by somebody who does not know the secret',
      () => send({ vmId: idOf('tls'), ticket: 'T' }, Date.now(), 'another'),
      401,
      'SignatureInvalid',
    ],
    [
      'a rollback by the function key alone',
      () => theatre.stage.call('POST', '/api/remediations/vm-1/rollback', { acceptLoss: 'x' }),
      403,
      'RoleMissing',
    ],
    ['a signature that is an hour old', () => asTicket({}, Date.now() - 3600_000), 401, 'SignatureStale'],
    [
      'a field that says who has asked',
      () => asCaller({ source: { kind: 'operator' } }),
      400,
      'RequestInvalid',
    ],
    [
      'everybody as an administrator',
      () => asCaller({ options: { adminAddresses: ['0.0.0.0/0'] } }),
      400,
      'RequestInvalid',
    ],
  ])('%s is no request', async (_what, ask, status, code) => {
    const answer = await ask();
    expect(refusalSchema.parse(await answer.json())).toMatchObject({ status, code });
    await expectUntouched();
  });
});

describe('A message on the queue that says it is an operator’s', () => {
  it('is put aside as what it is: capped as messages are', async () => {
    const queue = new QueueClient(storageAccount(ACCOUNT), 'remediation-requests');
    const source = { kind: 'operator', name: 'the CIO' };
    await queue.sendMessage(JSON.stringify({ vmId: idOf('tls'), mode: 'full', source }));
    let poison: unknown[] = [];
    while (poison.length === 0) {
      await sleep(50);
      const list = await theatre.stage.call('GET', '/api/remediations');
      ({ poison } = listSchema.parse(await list.json()));
    }
    expect(poison).toMatchObject([{ problem: { code: 'PolicyRefused' } }]);
    await expectUntouched();
  });
});

describe('A ticket that has had its diagnosis', () => {
  const ticket = { ticket: 'T-once', mode: 'diagnose' };
  const at = Date.now();

  it('is not heard again by the same signature', async () => {
    const once = { vmId: idOf('tls'), ...ticket };
    expect((await send(once, at)).status).toBe(202);
    const again = await send(once, at);
    expect(refusalSchema.parse(await again.json())).toMatchObject({ status: 409, code: 'SignatureReplayed' });
  });

  it('lets its VM rest, whichever ticket comes next', async () => {
    await theatre.stage.host.finished(instanceIdOf(idOf('tls').toLowerCase()));
    const next = await asTicket({ mode: 'diagnose' });
    expect(refusalSchema.parse(await next.json())).toMatchObject({ status: 429, rule: 'look-cool-down' });
  });
});
