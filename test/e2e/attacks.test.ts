import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { fleetVm } from '../../lab/fleet/index.ts';
import { alertFor } from '../../local/demo/alert.ts';
import { openTheatre, type Theatre } from './support/theatre.ts';

const SECRET = 'the secret of the generic connector';
const now = Date.now();
const refusalSchema = z.looseObject({ status: z.number(), code: z.string(), rule: z.string().optional() });
const takenSchema = z.object({
  results: z.array(z.object({ status: z.string(), code: z.string().optional() })),
});
const listSchema = z.object({ remediations: z.array(z.unknown()) });

let theatre: Theatre;
beforeAll(async () => {
  process.env['RDP_MEDIC_SECRET_GENERIC'] = SECRET;
  theatre = await openTheatre(122, {
    fleet: ['tls', 'peer'].map((name) => fleetVm(name, { now })),
    policy: {
      sources: {
        alert: { modes: [] },
        ticket: { modes: ['diagnose'] },
        connectors: { generic: { modes: ['diagnose', 'online'], addresses: ['10.20.0.0/16'] } },
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
function asTicket(asked: object, at = Date.now()): Promise<Response> {
  const { url, functionKey } = theatre.stage.host;
  const body = JSON.stringify({ vmId: idOf('tls'), ticket: `T-${String(++tickets)}`, ...asked });
  const stamp = String(Math.floor(at / 1000));
  const signature = createHmac('sha256', SECRET).update(`${stamp}.${body}`).digest('hex');
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
