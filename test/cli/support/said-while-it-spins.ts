import { setTimeout as sleep } from 'node:timers/promises';
import { openProgress } from '../../../cli/terminal/progress.ts';

/** Says something of several lines while the spinner turns. */
const progress = openProgress();
progress.now('Preflight checks');
await sleep(300);
progress.say('Plan', '  Check how RDP responds.', '  Take a snapshot.');
await sleep(300);
progress.stop();
