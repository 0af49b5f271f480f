import { registerHooks } from 'node:module';
import type { OutsideSystems } from './outside-systems.ts';
import { standIn } from './pinned-call.ts';

/** Takes the app, which must not be loaded yet, to these systems instead of those that its settings name. */
export function withStandIns(systems: Pick<OutsideSystems, 'places'>): void {
  standIn(systems);
  const url = new URL('./pinned-call.ts', import.meta.url).href;
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier.endsWith('/tickets/pinned-call.ts') && context.parentURL?.endsWith('/functions/compose.ts')
        ? { url, shortCircuit: true }
        : next(specifier, context),
  });
}
