/** Prints how many milliseconds it takes to load an app and to register all its functions: `node test/bench/load-app.ts <entry>`. */
import { performance } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import { beginRegistration } from '../../local/host/functions-core.ts';
import { provideFunctionsCore } from '../../local/host/load-app.ts';

provideFunctionsCore();
const registrations = beginRegistration(() => undefined);
const begun = performance.now();
await import(pathToFileURL(process.argv[2] ?? '').href);
const took = performance.now() - begun;
if (registrations.functions.size === 0) throw new Error('No function was loaded.');
console.log(String(took));
process.exit(0);
