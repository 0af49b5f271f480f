import { DISK } from './cases/disk.ts';
import { KEYS } from './cases/keys.ts';
import { PORT } from './cases/port.ts';
import { SETTINGS } from './cases/settings.ts';
import { describeStricter } from './support/stricter.ts';

describeStricter('model', 107, [KEYS, PORT, SETTINGS, DISK]);
