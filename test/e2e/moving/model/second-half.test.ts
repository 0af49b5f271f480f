import { describeModel } from './describe-model.ts';

describeModel(72, 1, 2, true);
