import { describeModel } from './describe-model.ts';

describeModel(71, 0, 2);
