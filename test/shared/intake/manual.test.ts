import { readManual } from '../../../shared/intake/manual.ts';
import { readQueueMessage } from '../../../shared/intake/queue.ts';
import { policySchema } from '../../../shared/repair/policy/schema.ts';

const { defaults } = policySchema.parse({});
const CALLER = { kind: 'manual' } as const;
const VM_ID =
  '/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/rg-fleet/providers/Microsoft.Compute/virtualMachines/TLS';
const CANONICAL = VM_ID.toLowerCase();

describe('The body of a manual call', () => {
  it('needs the VM only', () => {
    expect(readManual({ vmId: VM_ID }, CALLER, defaults)).toEqual({
      ok: true,
      value: { vmId: CANONICAL, source: { kind: 'manual' }, mode: 'full', options: defaults.options },
    });
  });

  it('overrides the policy field by field', () => {
    const policy = policySchema.parse({
      defaults: { mode: 'online', options: { adminAddresses: ['192.0.2.1'], keepDays: 3 } },
    });
    expect(readManual({ vmId: VM_ID, options: { keepDays: 9 } }, CALLER, policy.defaults)).toMatchObject({
      value: { mode: 'online', options: { adminAddresses: ['192.0.2.1'], keepDays: 9 } },
    });
  });

  it.each<[string, unknown, RegExp]>([
    ['an unknown field', { vmId: VM_ID, force: true }, /force/],
    ['an unknown option', { vmId: VM_ID, options: { script: 'x' } }, /options.*script/],
    ['a source of its own making', { vmId: VM_ID, source: { kind: 'alert' } }, /source/],
    ['an unknown mode', { vmId: VM_ID, mode: 'burn' }, /mode/],
    ['an address that is none', { vmId: VM_ID, options: { adminAddresses: ['any'] } }, /adminAddresses/],
    ['a number for a VM', { vmId: 7 }, /vmId/],
    ['no VM', {}, /vmId/],
    ['a list', [], /object/],
    ['nothing', null, /object/],
    ['options that are a list', { vmId: VM_ID, options: [] }, /options/],
  ])('is refused with %s', (_what, body, message) => {
    expect(readManual(body, CALLER, defaults)).toMatchObject({
      ok: false,
      problem: { code: 'RequestInvalid', message: expect.stringMatching(message) },
    });
  });

  it('does not repeat the values it refuses', () => {
    const read = readManual(
      { vmId: 'hunter2', mode: 'hunter2', options: { keepDays: 'hunter2' } },
      CALLER,
      defaults,
    );
    expect(JSON.stringify(read)).not.toContain('hunter2');
  });
});

describe('A message of the queue', () => {
  const json = JSON.stringify({ vmId: VM_ID, mode: 'online' });
  const expected = {
    ok: true,
    value: { vmId: CANONICAL, mode: 'online', source: { kind: 'queue', id: 'message-1' } },
  };

  it.each<[string, unknown]>([
    ['parsed by the worker', JSON.parse(json)],
    ['plain', json],
    ['in base64', Buffer.from(json).toString('base64')],
    [
      'in base64, broken into lines',
      Buffer.from(json)
        .toString('base64')
        .replace(/(.{20})/g, '$1\r\n'),
    ],
  ])('is read %s', (_how, entry) => {
    expect(readQueueMessage(entry, 'message-1', defaults)).toMatchObject(expected);
  });

  it('keeps the source of what an alert had put there', () => {
    const source = { kind: 'alert', id: 'a-1', name: 'rdp-down' };
    expect(readQueueMessage({ vmId: VM_ID, source }, 'message-1', defaults)).toMatchObject({
      value: { source },
    });
  });

  it.each<[string, unknown, string]>([
    ['neither JSON nor base64', 'hello, world', 'BodyNotJson'],
    ['base64 of something else', Buffer.from('hello').toString('base64'), 'BodyNotJson'],
    ['a duplicate key in base64', Buffer.from('{"vmId":"a","vmId":"b"}').toString('base64'), 'BodyNotJson'],
    ['an unknown field', { vmId: VM_ID, x: 1 }, 'RequestInvalid'],
    ['nothing', undefined, 'RequestInvalid'],
    ['a number', 5, 'RequestInvalid'],
  ])('is refused when it is %s', (_what, entry, code) => {
    expect(readQueueMessage(entry, 'message-1', defaults)).toMatchObject({ ok: false, problem: { code } });
  });

  it('is not taken for base64 because its words could be', () => {
    expect(readQueueMessage('hello not json', 'message-1', defaults)).toMatchObject({
      problem: { code: 'BodyNotJson', message: 'The message is neither JSON nor JSON in base64.' },
    });
  });
});
