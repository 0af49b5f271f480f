import { describeInterleavings } from '../support/describe-interleavings.ts';

jest.setTimeout(60_000);

describe('tasks in any mixture, with orchestrators that are kept between turns', () => {
  describeInterleavings({ extendedSessions: true });
});
