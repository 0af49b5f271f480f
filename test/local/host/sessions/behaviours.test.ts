import { describeBehaviours } from '../support/describe-behaviours.ts';

describe('every behaviour is what the real host showed, with orchestrators that are kept between turns', () => {
  describeBehaviours({ extendedSessions: true });
});
