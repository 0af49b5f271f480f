import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Cause } from '../../shared/causes/cause.ts';
import { STEP_IDS } from '../../shared/model/record.ts';

const FOLDER = join(import.meta.dirname, '../../shared/causes');
/** What makes a file of that folder a cause. */
const DECLARATION = /^export const (\w+): Cause = \{/m;

export interface CauseFile {
  /** Without its extension. */
  readonly name: string;
  /** Name of its export. */
  readonly exported: string;
  readonly cause: Cause;
}

/** Every cause of `shared/causes`, in the order of the runbook: by step, then by its place within the step. */
export async function readCauses(): Promise<CauseFile[]> {
  const files = readdirSync(FOLDER, { withFileTypes: true }).filter((entry) => entry.isFile());
  const causes = await Promise.all(files.map(({ name }) => readCause(name)));
  return causes
    .flat()
    .toSorted(
      (one, other) =>
        stepOf(one) - stepOf(other) ||
        one.cause.order - other.cause.order ||
        one.name.localeCompare(other.name, 'en'),
    );
}

function stepOf({ cause }: CauseFile): number {
  return STEP_IDS.indexOf(cause.step);
}

async function readCause(file: string): Promise<CauseFile[]> {
  const [, exported] = DECLARATION.exec(readFileSync(join(FOLDER, file), 'utf8')) ?? [];
  if (exported === undefined) return [];
  const module: unknown = await import(join(FOLDER, file));
  const cause: unknown = Object.entries(module ?? {}).find(([name]) => name === exported)?.[1];
  if (!isCause(cause)) throw new TypeError(`${file} exports no cause by the name ${exported}`);
  return [{ name: file.replace(/\.ts$/, ''), exported, cause }];
}

/** TypeScript has checked the rest. */
function isCause(value: unknown): value is Cause {
  return typeof value === 'object' && value !== null && 'id' in value && 'detect' in value;
}
