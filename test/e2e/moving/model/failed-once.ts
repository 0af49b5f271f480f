import type { Scenario } from './scenario.ts';

/** Runs that once showed a defect, of the service or of the model, by what it was. They run always. */
export const FAILED_ONCE: Readonly<Record<string, Omit<Scenario, 'name'>>> = {};
