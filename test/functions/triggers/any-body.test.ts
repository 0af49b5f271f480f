import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { remediationInputSchema } from '../../../shared/model/request.ts';
import { parseVmId } from '../../../shared/model/vm-id.ts';
import { fixtures, payloadOf } from '../../shared/intake/fixtures.ts';
import { whyNotAllRows } from '../../support/rows.ts';
import { createApp, NOW, SUBSCRIPTION, vmIdOf, type App } from './app.ts';

/** Five kinds of bodies, so many of each, and every one goes through the whole trigger. */
const RUNS = whyNotAllRows === undefined ? 4000 : 1000;
/** A fleet is used for so many bodies: a start that one brings about must not open the door for the next. */
const BODIES_A_FLEET = 100;
const SECRET = 'a secret of the connector';
const PLANTED = 'AccountKey=hunter2hunter2';

const CONNECTOR_SETTINGS = {
  RDP_MEDIC_SECRET_GENERIC: SECRET,
  RDP_MEDIC_SECRET_GITHUB: SECRET,
  RDP_MEDIC_SECRET_JIRA: SECRET,
  RDP_MEDIC_SECRET_SERVICENOW: SECRET,
};
const POLICY = {
  scope: { subscriptions: [SUBSCRIPTION], excludedResourceGroups: ['rg-production'] },
  limits: { concurrentPerSubscription: 1000 },
};

/** A fleet of which only two may ever be started. */
function createFleet(): App {
  const app = createApp({ policy: POLICY, settings: CONNECTOR_SETTINGS });
  app.addVm('tls');
  app.addVm('rdp-port');
  app.addVm('opted-out', { tags: { 'rdp-medic': 'disabled' } });
  app.addVm('linux', { osType: 'Linux' });
  app.addVm('stopped', { powerState: 'deallocated' });
  for (const id of [
    vmIdOf('prod', 'rg-production'),
    vmIdOf('tls', 'rg-fleet', '11111111-1111-4111-8111-111111111111'),
  ]) {
    const vm = parseVmId(id);
    if (!vm) throw new Error(id);
    app.vms.vms.set(vm.id, {
      ...vm,
      location: 'westeurope',
      osType: 'Windows',
      powerState: 'running',
      provisioningState: 'Succeeded',
      tags: {},
    });
  }
  return app;
}
const ALLOWED = new Set(['tls', 'rdp-port'].map((name) => vmIdOf(name).toLowerCase()));

/** Whatever happened: nothing was started that the policy does not allow, and nothing planted was written down. */
function expectSafe(app: App): void {
  for (const { input } of app.engine.instances.values()) {
    const { request } = remediationInputSchema.parse(input);
    if (!ALLOWED.has(request.vmId)) throw new Error(`started ${request.vmId}`);
  }
  const written = app.logs.join('\n') + app.intake.everything();
  if (written.includes('hunter2')) throw new Error(`a secret was written: ${written}`);
}

const vmIds = fc
  .tuple(
    fc.constantFrom(
      vmIdOf('tls'),
      vmIdOf('rdp-port'),
      vmIdOf('opted-out'),
      vmIdOf('linux'),
      vmIdOf('stopped'),
      vmIdOf('gone'),
      vmIdOf('prod', 'rg-production'),
      vmIdOf('tls', 'rg-fleet', '11111111-1111-4111-8111-111111111111'),
    ),
    fc.constantFrom<(id: string) => string>(
      (id) => id,
      (id) => id.toLowerCase(),
      (id) => id.toUpperCase(),
      (id) => `${id}/`,
      (id) => `${id}/extensions/x`,
      (id) => ` ${id}`,
      (id) => id.replace('e', 'е'),
      (id) => id.replace('virtualMachines', 'virtualMachineScaleSets/s/virtualMachines'),
      (id) => encodeURIComponent(id),
    ),
  )
  .map(([id, spell]) => spell(id));
const oddText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.constantFrom(PLANTED, '__proto__', '../..', '<script>', '{{vm}}', '%s%n', '\u0000', '\ud800'),
);
const anything = fc.oneof(
  vmIds,
  oddText,
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom(null, -1, 1e308, [], {}),
);

/** A published payload with one of its leaves, wherever it is, replaced. */
function mutated(kind: 'alerts' | 'tickets'): fc.Arbitrary<unknown> {
  const payloads = fixtures(kind).map(({ payload }) => JSON.stringify(payload));
  return fc
    .tuple(fc.constantFrom(...payloads), fc.nat(), anything, fc.boolean())
    .map(([text, at, value, drop]) => {
      let seen = 0;
      const leaves = (text.match(/:/g) ?? []).length + 1;
      const parsed: unknown = JSON.parse(text, (_key, leaf: unknown) => {
        seen += 1;
        if (seen % leaves !== at % leaves) return leaf;
        return drop ? undefined : value;
      });
      return parsed;
    });
}
const rawBodies = fc.oneof(
  fc.json({ maxDepth: 4 }),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.uint8Array({ maxLength: 60 }),
  fc.tuple(fc.nat(64), vmIds).map(([depth, id]) => `${'{"a":'.repeat(depth)}"${id}"${'}'.repeat(depth)}`),
  vmIds.map((id) => `{"vmId":"${id}","vmId":"${vmIdOf('tls')}"}`),
);
const modes = fc.constantFrom('full', 'rehearse', 'online', 'diagnose');
const manualBodies = fc.oneof(
  fc.record({ vmId: vmIds, mode: modes }, { requiredKeys: ['vmId'] }),
  fc.record(
    { vmId: fc.oneof(vmIds, anything), mode: fc.oneof(modes, anything), options: anything, note: anything },
    { requiredKeys: [] },
  ),
);

/** Sends every generated body; gives back how many there were and how many starts they brought about. */
async function holds<T>(
  arbitrary: fc.Arbitrary<T>,
  send: (app: App, value: T) => Promise<void>,
): Promise<{ bodies: number; starts: number }> {
  let app = createFleet();
  let bodies = 0;
  let starts = 0;
  await fc.assert(
    fc.asyncProperty(arbitrary, async (value) => {
      if (bodies % BODIES_A_FLEET === 0) app = createFleet();
      const before = app.engine.started;
      await send(app, value);
      expectSafe(app);
      bodies += 1;
      starts += app.engine.started - before;
    }),
    { numRuns: RUNS },
  );
  return { bodies, starts };
}
const post = async (
  app: App,
  path: string,
  raw: string | Uint8Array,
  headers: Record<string, string> = {},
): Promise<void> => {
  const { status, text } = await app.call(path, { method: 'POST', raw, headers });
  if (status >= 500 || status < 200) throw new Error(`${status} ${text}`);
  if (text.includes('hunter2') && !text.includes('"target"')) throw new Error(`repeated: ${text}`);
};

/** The headers of every way in which the connectors' ticket systems sign a body. */
function signed(raw: string): Record<string, string> {
  const stamp = String(NOW / 1000);
  const hmac = (text: string): string => createHmac('sha256', SECRET).update(text).digest('hex');
  return {
    'x-rdp-medic-secret': SECRET,
    'x-rdp-medic-timestamp': stamp,
    'x-rdp-medic-signature': `sha256=${hmac(`${stamp}.${raw}`)}`,
    'x-hub-signature-256': `sha256=${hmac(raw)}`,
    'x-hub-signature': `sha256=${hmac(raw)}`,
  };
}

describe(`Whatever comes in (${5 * RUNS} bodies): never a 5xx, never a start outside the policy`, () => {
  it('as any bytes at any address', async () => {
    const addresses = fc.constantFrom(
      '/api/remediations',
      '/api/alerts',
      '/api/tickets/generic',
      '/api/tickets/x',
    );
    const sent = await holds(fc.tuple(addresses, rawBodies), (app, [path, raw]) => post(app, path, raw));
    expect(sent).toEqual({ bodies: RUNS, starts: 0 });
  });

  it('as a manual call', async () => {
    const sent = await holds(manualBodies, (app, body) =>
      post(app, '/api/remediations', JSON.stringify(body)),
    );
    expect(sent).toEqual({ bodies: RUNS, starts: expect.any(Number) });
    expect(sent.starts).toBeGreaterThan(0);
  });

  it('as an alert of which one value was changed', async () => {
    const sent = await holds(mutated('alerts'), (app, body) =>
      post(app, '/api/alerts', JSON.stringify(body ?? null)),
    );
    expect(sent.bodies).toBe(RUNS);
    expect(sent.starts).toBeGreaterThan(0);
  });

  it('as a ticket, rightly signed, of which one value was changed', async () => {
    const connectors = fc.constantFrom('generic', 'github', 'jira', 'servicenow');
    const sent = await holds(fc.tuple(connectors, mutated('tickets')), (app, [connector, body]) => {
      const raw = JSON.stringify(body ?? null);
      return post(app, `/api/tickets/${connector}`, raw, signed(raw));
    });
    expect(sent.bodies).toBe(RUNS);
    expect(sent.starts).toBeGreaterThan(0);
  });

  it('as a message of the queue', async () => {
    const entries = fc.oneof(
      manualBodies,
      anything,
      fc.json().map((text) => Buffer.from(text).toString('base64')),
    );
    const sent = await holds(entries, (app, entry) => app.take(entry));
    expect(sent.bodies).toBe(RUNS);
    expect(sent.starts).toBeGreaterThan(0);
  });
});

describe('The id of a VM', () => {
  const alertText = JSON.stringify(payloadOf('alerts', 'metric-static'));

  /** Which VM an app has started, or none. */
  const started = (app: App): string | undefined =>
    [...app.engine.instances.values()].map(
      ({ input }) => remediationInputSchema.parse(input).request.vmId,
    )[0];

  it('means the same VM, or none, whichever way it comes in', async () => {
    await fc.assert(
      fc.asyncProperty(vmIds, async (vmId) => {
        const [manual, alert, ticket, queue] = [createFleet(), createFleet(), createFleet(), createFleet()];
        await post(manual, '/api/remediations', JSON.stringify({ vmId }));
        const targets = `"alertTargetIDs":${JSON.stringify([vmId])}`;
        await post(alert, '/api/alerts', alertText.replace(/"alertTargetIDs":\[[^\]]*\]/, targets));
        const raw = JSON.stringify({ vmId, ticket: 'T-1' });
        await post(ticket, '/api/tickets/generic', raw, signed(raw));
        await queue.take(Buffer.from(JSON.stringify({ vmId })).toString('base64'));
        const vms = [manual, alert, ticket, queue].map(started);
        expect(new Set(vms).size).toBe(1);
        expect(vms[0]).toBe(ALLOWED.has(parseVmId(vmId)?.id ?? '') ? parseVmId(vmId)?.id : undefined);
      }),
      { numRuns: 200 },
    );
  });
});
