import { ACCESS, DATA, ENCRYPTION, OS_DISK } from '../../../lab/fleet/kinds/disks.ts';
import { describeKinds } from './support/cells.ts';

describeKinds([OS_DISK, ENCRYPTION, ACCESS, DATA], 124);
