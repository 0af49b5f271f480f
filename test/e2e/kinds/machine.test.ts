import { BOOTS, HARDWARE, IMAGE } from '../../../lab/fleet/kinds/machine.ts';
import { PLACE } from '../../../lab/fleet/kinds/placement.ts';
import { describeKinds } from './support/cells.ts';

describeKinds([BOOTS, HARDWARE, IMAGE, PLACE], 123);
