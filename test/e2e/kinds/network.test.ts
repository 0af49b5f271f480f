import { CARDS, FRONT } from '../../../lab/fleet/kinds/network.ts';
import { IDENTITY, SETTINGS } from '../../../lab/fleet/kinds/inside.ts';
import { describeKinds } from './support/cells.ts';

describeKinds([CARDS, FRONT, IDENTITY, SETTINGS], 125);
