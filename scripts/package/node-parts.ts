import { isBuiltin } from 'node:module';
import { relative } from 'node:path';
import type { Plugin } from 'esbuild';
import { PACKAGE_ROOT } from '../../shared/package-root.ts';

/** What the inputs of the bundle begin with that are no files. */
export const NODE_PART = 'node-part';

/**
 * Has the bundle ask for Node's own parts by `require` also where a module imports them: an import reads every name of the part at once, and
 * with that what it only loads on demand, as `node:http` does all of fetch, a tenth of a cold start.
 * Source: github.com/nodejs/node, lib/internal/bootstrap/realm.js, `syncExports`; lib/http.js, `lazyUndici`.
 */
export const requiredNodeParts: Plugin = {
  name: 'required-node-parts',
  setup(build) {
    build.onResolve({ filter: /^[a-z:_/0-9]+$/ }, ({ path, kind, importer }) =>
      kind === 'import-statement' && isBuiltin(path)
        ? {
            // Each importer has its own, or every part would be a file of its own, read at the start. The name is in the bundle.
            path: `${path}?${relative(PACKAGE_ROOT, importer).replaceAll('\\', '/')}.cjs`,
            namespace: NODE_PART,
            sideEffects: false,
            pluginData: path,
          }
        : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: NODE_PART }, ({ pluginData }) => ({
      contents: `module.exports = require(${JSON.stringify(pluginData)});`,
    }));
  },
};
