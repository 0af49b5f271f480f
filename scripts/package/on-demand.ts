import type { Plugin } from 'esbuild';

/** What durable-functions asks of a package, by name, and only when its client speaks to the host. */
const ASKED_OF: Readonly<Record<string, string>> = { axios: 'default', validator: 'isURL' };
const NAMESPACE = 'on-demand';

/**
 * Has the bundle run the packages of durable-functions' client when that client is first used, not at each start: most invocations are of
 * activities and orchestrators, which need none of them, and axios brings all of Node's fetch with it.
 * Source: github.com/Azure/azure-functions-durable-js, src/durableClient/DurableClient.ts and getClient.ts.
 */
export const clientOnDemand: Plugin = {
  name: 'client-on-demand',
  setup(build) {
    build.onResolve({ filter: /^[a-z]+$/ }, ({ path, importer, resolveDir }) =>
      path in ASKED_OF && /[\\/]durable-functions[\\/]lib[\\/]/.test(importer)
        ? { path, namespace: NAMESPACE, pluginData: resolveDir }
        : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: NAMESPACE }, ({ path, pluginData }) => {
      const name = ASKED_OF[path] ?? '';
      return {
        contents: `Object.defineProperty(exports, '__esModule', { value: true });
Object.defineProperty(exports, '${name}', { get: () => require('${path}').${name} });`,
        resolveDir: String(pluginData),
      };
    });
  },
};
