import { describePowerOff } from '../support/power-off.ts';

describe('a VM that is only stopped for its repair, and whose disk Azure swaps like that', () => {
  describePowerOff('always', 188);
});
