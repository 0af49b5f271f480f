import { readAlert } from '../../../../shared/intake/alerts/read-alert.ts';
import { policySchema } from '../../../../shared/repair/policy/schema.ts';
import { fixtures, payloadOf } from '../fixtures.ts';

const { defaults } = policySchema.parse({});

function readValue(payload: unknown): {
  requests: readonly object[];
  refused: readonly object[];
  reason?: string;
} {
  const read = readAlert(payload, defaults);
  if (!read.ok) throw new Error(read.problem.message);
  return read.value;
}

describe('Every published kind of alert becomes what it should', () => {
  it.each(fixtures('alerts').map((fixture) => [fixture.name, fixture] as const))('%s', (_name, fixture) => {
    const read = readAlert(fixture.payload, defaults);
    const { requests, refused, reason, problem, says } = fixture.becomes;
    if (problem !== undefined) {
      expect(read).toMatchObject({ ok: false, problem: { code: problem } });
      expect(read).toMatchObject({ problem: { message: expect.stringContaining(says ?? '') } });
      return;
    }
    const value = readValue(fixture.payload);
    expect(value.requests).toEqual(
      (requests ?? []).map((request): unknown => expect.objectContaining(Object(request))),
    );
    expect(value.refused).toMatchObject(
      (refused ?? []).map(({ target, code }) => ({ target, problem: { code } })),
    );
    expect(value.reason).toBe(reason);
  });

  it('covers every kind that Azure Monitor publishes', () => {
    const names = fixtures('alerts')
      .map(({ name }) => name)
      .join(' ');
    for (const kind of [
      'metric',
      'log-v1',
      'log-v2',
      'activity-log',
      'resource-health',
      'service-health',
      'legacy',
    ]) {
      expect(names).toContain(kind);
    }
  });
});

describe('An alert', () => {
  it('that is resolved asks for nothing, whatever its type', () => {
    for (const { name, payload, becomes } of fixtures('alerts')) {
      if (becomes.problem !== undefined) continue;
      const text = JSON.stringify(payload).replace(
        '"monitorCondition":"Fired"',
        '"monitorCondition":"Resolved"',
      );
      expect([name, readValue(JSON.parse(text))]).toEqual([
        name,
        { requests: [], refused: [], reason: 'the alert is resolved' },
      ]);
    }
  });

  it('takes mode and options from the policy', () => {
    const policy = policySchema.parse({
      defaults: { mode: 'online', options: { adminAddresses: ['192.0.2.10'], keepDays: 3 } },
    });
    const read = readAlert(payloadOf('alerts', 'metric-static'), policy.defaults);
    expect(read).toMatchObject({
      ok: true,
      value: {
        requests: [{ mode: 'online', options: { adminAddresses: ['192.0.2.10'], keepDays: 3 } }],
      },
    });
  });

  it('never touches a VM that is merely mentioned beside the VM it is about', () => {
    const text = JSON.stringify(payloadOf('alerts', 'activity-log-administrative'));
    const payload: unknown = JSON.parse(
      text.replace(
        /"entity":"[^"]+"/,
        `"entity":"/subscriptions/${'0'.repeat(8)}-0000-0000-0000-${'0'.repeat(12)}/resourceGroups/x/providers/Microsoft.Compute/virtualMachines/bystander"`,
      ),
    );
    const { requests } = readValue(payload);
    expect(requests).toHaveLength(1);
    expect(JSON.stringify(requests)).not.toContain('bystander');
  });

  it('never touches a VM that a dimension of another name mentions', () => {
    const bystander = `/subscriptions/${'0'.repeat(8)}-0000-0000-0000-${'0'.repeat(12)}/resourceGroups/x/providers/Microsoft.Compute/virtualMachines/bystander`;
    const mentioned = fixtures('alerts').filter(({ payload }) => {
      const text = JSON.stringify(payload);
      const dimension = JSON.stringify({ name: 'Caller', value: bystander });
      const told = text
        .replaceAll(/"([dD])imensions":\[/g, `"$1imensions":[${dimension},`)
        .replaceAll(',]', ']');
      if (told === text) return false;
      const read = readAlert(JSON.parse(told), defaults);
      expect(JSON.stringify(read)).not.toContain('bystander');
      return true;
    });
    expect(mentioned.length).toBeGreaterThan(1);
  });

  it('with a look-alike of a VM id is refused for that target, by its exact reason', () => {
    const text = JSON.stringify(payloadOf('alerts', 'metric-static'));
    const value = readValue(JSON.parse(text.replace('virtualmachines/TLS', 'virtualmachines/tеst')));
    expect(value.requests).toEqual([]);
    expect(value.refused).toMatchObject([{ problem: { message: expect.stringContaining('U+0435') } }]);
  });

  it('without its essentials is no alert', () => {
    expect(readAlert({ schemaId: 'azureMonitorCommonAlertSchema', data: {} }, defaults)).toMatchObject({
      ok: false,
      problem: { code: 'RequestInvalid' },
    });
    expect(readAlert([], defaults)).toMatchObject({ ok: false, problem: { code: 'RequestInvalid' } });
  });
});
