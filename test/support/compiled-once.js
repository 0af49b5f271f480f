/**
 * Jest's runtime, but for what it does anew for each of 300 test files: it reads, hashes and compiles each of the hundreds of modules that the
 * lab and the service consist of. Here a worker does so once, and runs the compiled module in the context of each test file; what a
 * module holds is of that file alone, as ever. Takes a tenth off the suite. It reaches into what jest keeps for itself (version 30), and
 * steps aside for modules that only jest itself can compile.
 */
import { Script } from 'node:vm';
import Runtime from 'jest-runtime';

/** By the name of the module's file: nothing is edited while tests run. */
const transformedFiles = new Map();
const scripts = new Map();

class CompilesOnce extends Runtime {
  constructor(...parameters) {
    super(...parameters);
    transformOnce(this.transformCache);
    compileOnce(this.executor, this._environment);
  }
}

// Jest takes it by `require`.
export { CompilesOnce as 'module.exports' };

function transformOnce(cache) {
  const transform = cache.transform.bind(cache);
  cache.transform = (file, options) => {
    // Jest's own modules are handed on as they are.
    if (options?.isInternalModule) return transform(file, options);
    const known = transformedFiles.get(file);
    if (known === undefined) {
      const code = transform(file, options);
      transformedFiles.set(file, cache.transforms.get(file));
      return code;
    }
    cache.transforms.set(file, known);
    if (known.sourceMapPath) cache.sourceMaps.set(file, known.sourceMapPath);
    return known.code;
  };
}

function compileOnce(executor, environment) {
  const compile = executor.compile.bind(executor);
  const head = `(function (${executor.injectedModuleParameters.join(', ')}) {`;
  executor.compile = (source, file) => {
    const context = environment.getVmContext();
    if (context === null || !transformedFiles.has(file)) return compile(source, file);
    if (!scripts.has(file)) scripts.set(file, scriptOf(head, source, file));
    const script = scripts.get(file);
    return script ? script.runInContext(context) : compile(source, file);
  };
}

/** `undefined`: jest says in its own words what is wrong with the module. */
function scriptOf(head, source, filename) {
  try {
    return new Script(`${head}${source}\n})`, { filename, columnOffset: -head.length });
  } catch {
    return undefined;
  }
}
