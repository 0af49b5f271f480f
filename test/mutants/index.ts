import { ACTIVITIES } from './activities.ts';
import { AZURE } from './azure.ts';
import type { Mutant } from './mutant.ts';
import { ORCHESTRATORS } from './orchestrators.ts';
import { PAGE } from './page.ts';
import { RULES } from './rules.ts';
import { TRIGGERS } from './triggers.ts';

/** Changes that would touch, lose or expose somebody's VM, by room: none may go unnoticed. */
export const MUTANTS: readonly Mutant[] = [
  ...ORCHESTRATORS,
  ...ACTIVITIES,
  ...TRIGGERS,
  ...PAGE,
  ...AZURE,
  ...RULES,
];
