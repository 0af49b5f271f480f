import { pathToFileURL } from 'node:url';
import { APP_ENTRY } from '../../local/app-entry.ts';
import { standIn, type Places } from './pinned-call.ts';
import { newWorld } from './world.ts';

/**
 * The app that calls these systems instead of those that its settings name.
 * @param places by host; asked at each call
 * @returns its entry
 */
export function appWithStandIns(places: Places): string {
  standIn(places);
  const world = newWorld({
    [import.meta.resolve('../../shared/intake/tickets/pinned-call.ts')]: import.meta
      .resolve('./pinned-call.ts'),
  });
  return world(pathToFileURL(APP_ENTRY).href);
}
