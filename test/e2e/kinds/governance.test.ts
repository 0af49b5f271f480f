import { DENY_ASSIGNMENTS, LOCKS, POLICIES } from '../../../lab/fleet/kinds/governance.ts';
import { EXTENSIONS } from '../../../lab/fleet/kinds/inside.ts';
import { describeKinds } from './support/cells.ts';

describeKinds([EXTENSIONS, LOCKS, DENY_ASSIGNMENTS, POLICIES], 126);
