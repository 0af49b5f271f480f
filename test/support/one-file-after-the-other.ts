/**
 * The test files of a worker share its modules (`jest-light-runner`). What one of them leaves in the process is forgotten before the next is
 * loaded, and a test that hangs is given up.
 */
import { registerHooks } from 'node:module';
import { addEventHandler } from 'jest-circus';
import { provideFunctionsCore } from '../../local/host/load-app.ts';
import { forgetLastFile } from './forget-last-file.ts';
import { withinLimit } from './time-limit.ts';

/** As the runner imports a test file: with a query that no other has. */
const TEST_FILE = /\.test\.ts(\?\d+)$/;
/** Apps that remember what they were given: each test file has its own. */
const APPS = /\/test\/local\/host\/app\//;

let query = '';

provideFunctionsCore();
registerHooks({
  resolve: (specifier, context, next) => {
    const [, file] = TEST_FILE.exec(specifier) ?? [];
    if (file !== undefined) {
      query = file;
      forgetLastFile();
    }
    const found = next(specifier, context);
    return APPS.test(found.url) ? { ...found, url: found.url.replace(/(\?.*)?$/, query) } : found;
  },
});

// The runner itself waits for a test as long as it takes.
addEventHandler(({ name }, { currentDescribeBlock: { children, hooks } }) => {
  const added = name === 'add_test' ? children.at(-1) : name === 'add_hook' ? hooks.at(-1) : undefined;
  if (added && 'fn' in added) added.fn = withinLimit(added.fn, added.timeout ?? undefined);
});
