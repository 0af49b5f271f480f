import { withinLimit } from './time-limit.ts';

describe('A test', () => {
  it('that hangs is given up, and says so', async () => {
    const hangs = withinLimit(() => new Promise(() => undefined), 20);
    await expect(hangs()).rejects.toThrow('It has not ended within 0.02 seconds.');
  });

  it('that fails does so with its own error', async () => {
    const fails = withinLimit(() => Promise.reject(new Error('not as expected')));
    await expect(fails()).rejects.toThrow('not as expected');
  });

  it('that ends leaves no timer behind', async () => {
    const before = process.getActiveResourcesInfo().filter((one) => one === 'Timeout').length;
    await withinLimit(() => Promise.resolve())();
    expect(process.getActiveResourcesInfo().filter((one) => one === 'Timeout').length).toBe(before);
  });
});
