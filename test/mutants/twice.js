/**
 * Runs test files twice in one process (`node test/mutants/twice.js <file> …`), as Stryker runs them once for each change: a test that fails
 * only because it ran before would "notice" every change. Ends with 1 where one fails.
 */
import Mocha from 'mocha';
import { mochaHooks } from '../support/jest-in-mocha.js';

const mocha = new Mocha({ timeout: 0, rootHooks: mochaHooks, reporter: 'dot' });
mocha.cleanReferencesAfterRun(false);
for (const file of process.argv.slice(2)) mocha.addFile(file);
await mocha.loadFilesAsync();
const run = () => new Promise((resolve) => mocha.run(resolve));
const failures = (await run()) + (await run());
process.exit(failures === 0 ? 0 : 1);
