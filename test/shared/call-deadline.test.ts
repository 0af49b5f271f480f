import { withDeadline } from '../../shared/call-deadline.ts';

/** A call that is never answered, and ends when it is aborted. */
const unanswered = (call: { abortSignal?: AbortSignal }): Promise<never> =>
  new Promise((_, reject) => {
    call.abortSignal?.addEventListener('abort', () => {
      reject(new Error('aborted'));
    });
  });
const timers = (): number => process.getActiveResourcesInfo().filter((one) => one === 'Timeout').length;

describe('A call with a deadline', () => {
  it('is aborted once its time is over', async () => {
    const call: { abortSignal?: AbortSignal } = {};
    await expect(withDeadline(call, 20, () => unanswered(call))).rejects.toThrow('aborted');
  });

  it('is still aborted by whoever could abort it before', async () => {
    const caller = new AbortController();
    const call: { abortSignal?: AbortSignal } = { abortSignal: caller.signal };
    const made = withDeadline(call, 60_000, () => unanswered(call));
    caller.abort();
    await expect(made).rejects.toThrow('aborted');
  });

  it('leaves nothing that keeps the process, also where the connection breaks', async () => {
    const before = timers();
    await expect(withDeadline({}, 60_000, () => Promise.reject(new Error('reset')))).rejects.toThrow('reset');
    expect(await withDeadline({}, 60_000, () => Promise.resolve('answered'))).toBe('answered');
    expect(timers()).toBe(before);
  });
});
