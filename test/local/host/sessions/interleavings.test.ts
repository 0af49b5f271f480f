import { describeInterleavings } from '../support/describe-interleavings.ts';

describe('tasks in any mixture, with orchestrators that are kept between turns', () => {
  describeInterleavings({ extendedSessions: true });
});
