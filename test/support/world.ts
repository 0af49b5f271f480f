import { registerHooks } from 'node:module';

/** What is imported instead of a module of the service, by the URLs of both. */
type Replaced = Readonly<Record<string, string>>;

const ROOT = new URL('../../', import.meta.url).href;
const OF_WORLD = /\?world=(\d+)/;
const worlds: Replaced[] = [];

/**
 * The service's modules once more, beside those that are loaded already: to be changed, or with some of them replaced. Packages, and the
 * host that loads the app, stay the same for all.
 * @returns the URL by which a module, given by its own, is imported from there
 */
export function newWorld(replaced: Replaced = {}): (url: string) => string {
  if (worlds.length === 0) registerHooks({ resolve });
  const number = worlds.push(replaced) - 1;
  return (url) => `${url}?world=${String(number)}`;
}

const resolve: Parameters<typeof registerHooks>[0]['resolve'] = (specifier, context, next) => {
  const found = next(specifier, context);
  const [query, number] = OF_WORLD.exec(context.parentURL ?? '') ?? [];
  if (query === undefined || !isOfService(found.url)) return found;
  const other = worlds[Number(number)]?.[found.url];
  return { ...found, url: other ?? found.url + query };
};

function isOfService(url: string): boolean {
  return ['functions/', 'shared/'].some((room) => url.startsWith(ROOT + room)) && url.endsWith('.ts');
}
