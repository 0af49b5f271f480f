import type { Guest } from '../../windows/guest.ts';

/**
 * What runs in a VM of which the lab imitates nothing but the VM agent: Linux, or any VM when no guest factory was
 * given. It runs no script: it says so, and fails.
 */
export function createPlainGuest(): Guest {
  let state: Guest['state'] = 'off';
  return {
    get state() {
      return state;
    },
    get agent() {
      return state === 'running' ? 'Ready' : 'Unknown';
    },
    powerOn() {
      state = 'running';
      return Promise.resolve();
    },
    powerOff() {
      state = 'off';
      return Promise.resolve();
    },
    attachDisk: () => undefined,
    detachDisk: () => undefined,
    runScript: () =>
      Promise.resolve({
        stdout: '',
        stderr: 'The lab does not imitate this guest.',
        exitCode: 127,
        seconds: 1,
      }),
  };
}
