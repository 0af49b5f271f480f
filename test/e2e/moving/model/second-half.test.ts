import { describeInRows } from '../../../support/rows.ts';
import { describeModel } from './describe-model.ts';

describeInRows('The half of the runs in which a person approves', () => {
  describeModel(72, 1, 2, true);
});
