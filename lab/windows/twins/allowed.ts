import { constants, gunzipSync } from 'node:zlib';
import * as z from 'zod';
import { changeSchema, type Change } from '../../../shared/model/change.ts';
import { same } from '../lookup.ts';
import { ScriptError } from './answer.ts';
import { constantOf } from './constants.ts';
import { isSame, type Standing } from './values.ts';
import type { OpenedWindows } from './opened-windows.ts';

const MOST_CHANGES = 64;
const MOST_BYTES = 65_536;
const ONLINE_ONLY: readonly string[] = ['Restart-RdpServices', 'Refresh-Policy'];

const dataSchema: z.ZodType<Standing> = z.union([
  z.null(),
  z.object({ kind: z.literal('DWord'), data: z.number() }),
  z.object({ kind: z.enum(['String', 'ExpandString', 'Binary']), data: z.string() }),
  z.object({ kind: z.literal('MultiString'), data: z.array(z.string()) }),
]);
const allowedSchema = z.array(
  z.object({ hive: z.string(), path: z.string(), name: z.string(), after: z.array(dataSchema) }),
);
const recipesSchema = z.array(z.object({ id: z.string(), changes: z.array(changeSchema) }));

/** The JSON of the parameter Changes. Twin of `guest/lib/allow.ps1`: nothing is written before all of this has passed. */
export function inflated(changes: string): string {
  try {
    return gunzipSync(Buffer.from(changes, 'base64'), {
      maxOutputLength: MOST_BYTES,
      // .NET gives what it has of a cut one.
      finishFlush: constants.Z_SYNC_FLUSH,
    }).toString('utf8');
  } catch {
    throw notAllowed('the changes cannot be unpacked');
  }
}

/** The changes, each within what the script may do at all. */
export function allowedChanges(json: string, text: string, scope: OpenedWindows['scope']): Change[] {
  const parsed = listOf(json);
  if (parsed.length > MOST_CHANGES) throw notAllowed(`more than ${String(MOST_CHANGES)} changes`);
  const allowed = allowedSchema.parse(constantOf(text, 'AllowedWrites'));
  return parsed.map((one, index) => {
    const change = changeSchema.safeParse(one).data;
    if (!change) throw notAllowed(`change ${String(index)} is none`);
    if (!isAllowed(change, allowed, scope)) throw notAllowed(`change ${String(index)}, ${change.do}`);
    return change;
  });
}

function listOf(json: string): unknown[] {
  try {
    return z.array(z.unknown()).parse(JSON.parse(json));
  } catch {
    throw notAllowed('the changes are no list');
  }
}

function isAllowed(
  change: Change,
  allowed: z.infer<typeof allowedSchema>,
  scope: OpenedWindows['scope'],
): boolean {
  if (change.do === 'registry') {
    if ((change.set === '') !== (change.hive === 'software')) return false;
    const isKnown = allowed.some(
      (row) =>
        row.hive === change.hive &&
        same(row.path, change.path) &&
        same(row.name, change.name) &&
        row.after.some((after) => isSame(after, change.after)),
    );
    if (!isKnown) return false;
  }
  if (change.do === 'Restart-RdpServices' && change.pids.length !== change.services.length) return false;
  if (scope === 'online' ? change.do === 'Set-SerialConsole' : ONLINE_ONLY.includes(change.do)) return false;
  const set = 'set' in change ? change.set : '';
  return set === '' || (set === 'CurrentControlSet') === (scope === 'online');
}

/** Another control set would be made as a stub. */
export function requireSets(changes: readonly Change[], { scope, sets }: OpenedWindows): void {
  for (const [index, change] of changes.entries()) {
    const set = 'set' in change ? change.set : '';
    if (scope === 'offline' && set !== '' && !sets.includes(set))
      throw notAllowed(`change ${String(index)}, ${set} is not in use`);
  }
}

/** The fixed cure of a cause; on a disk in each control set, without what only a running Windows can do. */
export function recipeOf(text: string, id: string, { scope, sets }: OpenedWindows): Change[] {
  const recipes = recipesSchema.parse(constantOf(text, 'Recipes'));
  const recipe = recipes.find((one) => one.id === id);
  const known = recipes.map((one) => one.id).join(', ');
  if (!recipe) throw new ScriptError('RecipeUnknown', `there is no recipe ${id}; there are: ${known}`);
  if (scope === 'online') return recipe.changes.filter((change) => change.do !== 'Set-SerialConsole');
  return recipe.changes
    .filter((change) => !ONLINE_ONLY.includes(change.do))
    .flatMap((change) =>
      'set' in change && change.set !== '' ? sets.map((set) => ({ ...change, set })) : [change],
    );
}

function notAllowed(what: string): ScriptError {
  return new ScriptError('ChangeNotAllowed', what);
}
