import { describeInterleavings } from './support/describe-interleavings.ts';

jest.setTimeout(60_000);

describe('tasks in any mixture', () => {
  describeInterleavings();
});
