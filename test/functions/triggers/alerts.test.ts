import { instanceIdOf } from '../../../shared/model/remediation-id.ts';
import { fixtures, payloadOf } from '../../shared/intake/fixtures.ts';
import { createApp, vmIdOf, type App } from './app.ts';

const post = (app: App, body: unknown) => app.call('/api/alerts', { body });

/** A published alert with targets of our own. */
function alertFor(...targets: string[]): unknown {
  const text = JSON.stringify(payloadOf('alerts', 'metric-static'));
  return JSON.parse(
    text.replace(/"alertTargetIDs":\[[^\]]*\]/, `"alertTargetIDs":${JSON.stringify(targets)}`),
  );
}

describe('POST /api/alerts', () => {
  it('starts one remediation a target and tells of each', async () => {
    const app = createApp();
    const tls = app.addVm('tls');
    const port = app.addVm('rdp-port');
    const linux = app.addVm('linux', { osType: 'Linux' });
    const stopped = app.addVm('stopped', { powerState: 'deallocated' });
    const answer = await post(
      app,
      alertFor(
        vmIdOf('TLS'),
        vmIdOf('rdp-port'),
        vmIdOf('linux'),
        vmIdOf('stopped'),
        vmIdOf('gone'),
        `${vmIdOf('tls')}/`,
      ),
    );
    expect(answer.status).toBe(202);
    expect(answer.body).toEqual({
      status: 'accepted',
      results: [
        {
          vmId: tls,
          status: 'started',
          id: expect.any(String),
          location: expect.stringContaining('/api/remediations/vm-'),
        },
        { vmId: port, status: 'started', id: expect.any(String), location: expect.any(String) },
        {
          vmId: linux,
          status: 'refused',
          code: 'NotWindows',
          reason: expect.any(String),
          next: expect.any(String),
        },
        {
          vmId: stopped,
          status: 'refused',
          code: 'VmNotRunning',
          reason: expect.stringContaining('deallocated'),
          next: expect.any(String),
        },
        {
          vmId: vmIdOf('gone').toLowerCase(),
          status: 'refused',
          code: 'VmNotFound',
          reason: expect.any(String),
          next: expect.any(String),
        },
      ],
    });
    expect([...app.engine.instances.keys()].sort()).toEqual([tls, port].map(instanceIdOf).sort());
  });

  it('does nothing for an alert that is resolved, or names no VM, and says why', async () => {
    for (const { name, payload, becomes } of fixtures('alerts').filter(({ becomes }) => becomes.reason)) {
      const app = createApp();
      for (const vm of ['tls', 'machine-keys', 'rdp-firewall']) app.addVm(vm);
      const answer = await post(app, payload);
      expect([name, answer.status, answer.body]).toEqual([
        name,
        202,
        { status: 'nothing-to-do', reason: becomes.reason, results: [] },
      ]);
      expect(app.engine.started).toBe(0);
      expect(app.logs.join()).toContain('alert-nothing-to-do');
    }
  });

  it('asks for the common schema where an older one comes', async () => {
    const app = createApp();
    app.addVm('tls');
    const answer = await post(app, payloadOf('alerts', 'legacy-metric'));
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({
      code: 'AlertSchemaUnsupported',
      next: 'Enable the common alert schema in the action group.',
    });
    expect(app.engine.started).toBe(0);
  });

  it('joins while the VM is being repaired, as often as it comes', async () => {
    const app = createApp();
    app.addVm('tls');
    const [first, ...others] = await Promise.all(
      Array.from({ length: 20 }, () => post(app, alertFor(vmIdOf('tls')))),
    );
    expect(app.engine.started).toBe(1);
    const location = expect.stringContaining('/api/remediations/');
    expect(first?.body).toMatchObject({ results: [{ location }] });
    const locations = [first, ...others].map(
      (answer) => /"location":"([^"]+)"/.exec(answer?.text ?? '')?.[1],
    );
    expect(new Set(locations).size).toBe(1);
    // An event for each of them would only make the history long.
    expect([...app.engine.instances.values()].flatMap(({ events }) => events)).toEqual([]);
  });

  it('with very many targets answers at once and loses none', async () => {
    const app = createApp();
    const targets = Array.from({ length: 1200 }, (_, index) => vmIdOf(`vm-${index}`));
    const answer = await post(app, alertFor(...targets, ...targets.slice(0, 100)));
    expect(answer.status).toBe(202);
    expect(app.queue.messages.map(({ request }) => request.vmId).sort()).toEqual(
      targets.map((id) => id.toLowerCase()).sort(),
    );
    expect(app.queue.messages[0]?.request.source).toMatchObject({ kind: 'alert', name: 'rdp-down' });
    expect(app.vms.asked).toEqual([]);
  });

  it('keeps a target in the queue whose start fails for a passing reason', async () => {
    const app = createApp();
    const vmId = app.addVm('tls');
    app.deps.vms.find = () => Promise.reject(new Error('socket hang up'));
    const answer = await post(app, alertFor(vmId));
    expect(answer.body).toMatchObject({ results: [{ vmId, status: 'queued' }] });
    expect(app.queue.messages).toMatchObject([{ request: { vmId } }]);
  });

  it('is 413, 415 and 400 as every other address', async () => {
    const app = createApp();
    const status = async (raw: string, type = 'application/json; charset=utf-8') =>
      (await app.call('/api/alerts', { raw, headers: { 'content-type': type } })).status;
    expect(await status(`"${'a'.repeat(256 * 1024)}"`)).toBe(413);
    expect(await status('{}', 'application/xml')).toBe(415);
    expect(await status('{"schemaId":')).toBe(400);
    expect(await status('{"schemaId":"azureMonitorCommonAlertSchema"}')).toBe(400);
  });
});
