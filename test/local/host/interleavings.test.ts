import { describeInterleavings } from './support/describe-interleavings.ts';

describe('tasks in any mixture', () => {
  describeInterleavings();
});
