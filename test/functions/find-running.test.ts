import { findRunning, readKept } from '../../functions/activities/sweep.ts';
import { memoryEngine } from './triggers/engine.ts';

const INSTANCE = 'vm-00000000000000000000000000000001';
const ME = `${INSTANCE}-20260301120000000-abcd`;

describe('what the janitor asks before it deletes', () => {
  it('an instance whose input cannot be read counts as running', async () => {
    const engine = memoryEngine();
    await engine.startNew('remediate', { instanceId: INSTANCE, input: { of: 'another version' } });
    expect(await findRunning(engine, [ME])).toEqual({ running: [ME], busy: [ME] });
    engine.end(INSTANCE);
    expect(await findRunning(engine, [ME, 'no id'])).toEqual({ running: [], busy: [] });
  });

  it('an attempt is over, and its VM is not idle, while a later one runs', async () => {
    const engine = memoryEngine();
    const input = {
      remediationId: ME.replace('abcd', 'beef'),
      attempt: 2,
      hub: 'TestHub',
      epoch: 1,
      approval: 'not-needed',
      request: { vmId: VM, source: { kind: 'manual' } },
    };
    await engine.startNew('remediate', { instanceId: INSTANCE, input });
    expect(await findRunning(engine, [ME])).toEqual({ running: [], busy: [ME] });
  });

  it('a record that is missing is not known; one that cannot be read names nothing', async () => {
    const none = { read: () => Promise.resolve(undefined) };
    const broken = { read: () => Promise.reject(new SyntaxError('no JSON')) };
    expect(await readKept(none, [ME, '../secrets'])).toEqual([]);
    expect(await readKept(broken, [ME])).toEqual([{ remediationId: ME, kept: [] }]);
  });
});

const VM =
  '/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/web';
