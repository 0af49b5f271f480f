import * as z from 'zod';
import type { GuestPartition, RegistryValue } from './disk.ts';
import { hiveNumber, setHiveValue } from './hive.ts';
import type { Running } from './machine/running.ts';
import { DISABLED, servicesKey } from './services/definition.ts';
import { fileAt, plainFile } from './volume.ts';

/** Where the lab keeps what the domain last told this computer. */
const CACHE = '\\Windows\\System32\\GroupPolicy\\DataStore\\computer.json';

const valueSchema: z.ZodType<RegistryValue> = z.union([
  z.object({ type: z.enum(['REG_DWORD', 'REG_QWORD']), value: z.number() }),
  z.object({ type: z.enum(['REG_SZ', 'REG_EXPAND_SZ']), value: z.string() }),
  z.object({ type: z.literal('REG_MULTI_SZ'), value: z.array(z.string()) }),
  z.object({ type: z.literal('REG_BINARY'), value: z.string() }),
]);

const gpoSchema = z.object({
  /** GUID in braces. */
  id: z.string(),
  name: z.string(),
  settings: z.array(
    z.object({
      /** A preference writes an ordinary value and shows in no resultant set; a policy shows there. */
      kind: z.enum(['policy', 'preference']),
      hive: z.enum(['SYSTEM', 'SOFTWARE']),
      /** In SYSTEM relative to the current control set, in SOFTWARE to the hive's root. */
      key: z.string(),
      name: z.string(),
      value: valueSchema,
    }),
  ),
});

/** A Group Policy object as this computer got it. */
export type Gpo = z.infer<typeof gpoSchema>;

/** Computer policies in the order they are applied: the last one wins. */
export function gposOf(volume: GuestPartition): Gpo[] {
  const text = fileAt(volume, CACHE)?.text;
  return text === undefined ? [] : z.array(gpoSchema).parse(JSON.parse(text));
}

/** Puts policies onto a disk, as a domain would have. */
export function storeGpos(volume: GuestPartition, gpos: readonly Gpo[]): void {
  volume.files[CACHE] = plainFile({ kind: 'text', text: JSON.stringify(gpos) });
}

export function isPolicyServiceDisabled({
  system,
  controlSet,
}: Pick<Running, 'system' | 'controlSet'>): boolean {
  return (hiveNumber(system, `${servicesKey(controlSet)}\\gpsvc`, 'Start') ?? DISABLED) === DISABLED;
}

/** Writes every policy and preference value, as a refresh in the foreground does. */
export function applyPolicies({
  system,
  software,
  controlSet,
  volume,
}: Pick<Running, 'system' | 'software' | 'controlSet' | 'volume'>): void {
  for (const { hive, key, name, value } of gposOf(volume).flatMap(({ settings }) => settings)) {
    if (hive === 'SYSTEM') setHiveValue(system, `${controlSet}\\${key}`, name, value);
    else setHiveValue(software, key, name, value);
  }
}
