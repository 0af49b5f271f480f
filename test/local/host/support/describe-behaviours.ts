import recording from '../../../fixtures/durable/behaviours.json' with { type: 'json' };
import type { HostOptions } from '../../../../local/host/start-host.ts';
import { probeBehaviours } from './probe-behaviours.ts';

/** What this host does not do, or does otherwise on purpose: local/host/README.md says why. */
const DELIBERATE = new Set([
  'orch:http',
  'orch:ent',
  'signalEntity',
  'readEntityState',
  'readEntityState missing',
]);

const probes = Object.entries(recording).filter(([title]) => !DELIBERATE.has(title));

/** Hides what no two runs share, and the parts of .NET in the texts. */
function comparable(title: string, value: unknown): unknown {
  if (title === 'noauthset') return comparableEcho(value);
  // There were more instances of other probes.
  if (title === 'getStatusAll n' && Array.isArray(value)) return [value[0], Number(value[1]) > 25];
  if (title === 'http plain' && Array.isArray(value))
    return [value[0], value[1], pick(value[2], ['Content-Type', 'x-a'])];
  const json = JSON.stringify(value)
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, (time) => time.replace(/\d/g, '0'))
    .replace(/\{\\"\$type\\":.*?\}(?=")/g, '<details>')
    .replace(/StackTrace: .*?(?=")/g, 'StackTrace: <stack>')
    .replace(/known orchestrator functions: .*?(?=")/g, 'known orchestrator functions: <names>')
    .replace(/,\\"ExceptionMessage\\":.*?\}(?=")/g, '<exception>}')
    .replace(/[0-9a-f]{32}/g, '<id>');
  return JSON.parse(json);
}

const pick = (value: unknown, names: string[]): unknown =>
  Object.fromEntries(names.map((name) => [name, Reflect.get(Object(value), name)]));

/** What the handler saw of its request: not the address of the host, nor the headers a client adds by itself. */
function comparableEcho(value: unknown): unknown {
  const [status, body] = Array.isArray(value) ? value : [];
  const seen: unknown = JSON.parse(String(body));
  const { pathname, search } = new URL(String(Reflect.get(Object(seen), 'url')));
  const headers = pick(Reflect.get(Object(seen), 'h'), ['x-my', 'content-length', 'content-type']);
  return { status, pathname, search, headers, rest: pick(seen, ['q', 'b']) };
}

/** Every behaviour of a host is what the real one showed. */
export function describeBehaviours(options: Partial<HostOptions> = {}): void {
  let found: Map<string, unknown>;
  beforeAll(async () => {
    found = await probeBehaviours(Object.keys(recording), options);
  });

  test.each(probes)('%s', (title, expected) => {
    expect(comparable(title, found.get(title))).toEqual(comparable(title, expected));
  });

  test('what is left out is in the recording', () => {
    expect(Object.keys(recording)).toEqual(expect.arrayContaining([...DELIBERATE]));
  });
}
