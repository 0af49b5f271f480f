/** Prints how many milliseconds it takes to load an app and all its functions: `node test/bench/load-app.ts <entry>`. */
import { performance } from 'node:perf_hooks';
import { loadApp } from '../../local/host/load-app.ts';

const begun = performance.now();
const { registrations, error } = await loadApp(process.argv[2] ?? '', () => undefined);
if (error) throw error;
if (registrations.functions.size === 0) throw new Error('No function was loaded.');
console.log(String(performance.now() - begun));
process.exit(0);
