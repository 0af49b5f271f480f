import { pathToFileURL } from 'node:url';
import { APP_ENTRY } from '../../local/app-entry.ts';
import { standIn, type Places } from './pinned-call.ts';
import { newWorld } from './world.ts';

const urlOf = (path: string): string => new URL(path, import.meta.url).href;

/**
 * The app that calls these systems instead of those that its settings name.
 * @param places by host; asked at each call
 * @returns its entry
 */
export function appWithStandIns(places: Places): string {
  standIn(places);
  const world = newWorld({
    [urlOf('../../shared/intake/tickets/pinned-call.ts')]: urlOf('./pinned-call.ts'),
  });
  return world(pathToFileURL(APP_ENTRY).href);
}
