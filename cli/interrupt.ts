import { CommandError } from './command-error.ts';

let controller: AbortController | undefined;

/** Aborted by the first Ctrl-C (or a request to end); a second one ends the process at once. */
export function interruption(): AbortSignal {
  if (controller) return controller.signal;
  controller = new AbortController();
  const { signal } = controller;
  const stop = (): void => {
    if (signal.aborted) process.exit(130);
    controller?.abort(new CommandError('interrupted', 'Interrupted.'));
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, stop);
  return signal;
}
