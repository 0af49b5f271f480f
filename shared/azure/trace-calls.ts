import type { PipelinePolicy } from '@azure/core-rest-pipeline';
import { inCall } from '../tracing.ts';

/** Puts each try of a call to Azure Resource Manager into the trace of what is being done, by the type of resource and not by its name. */
export function traceCalls(): PipelinePolicy {
  return {
    name: 'traceCalls',
    sendRequest(request, next) {
      const { host, pathname } = new URL(request.url);
      const { method } = request;
      return inCall(
        { name: `${method} ${typeIn(pathname)}`, method, host, path: pathname },
        () => next(request),
        ({ status, headers }) => ({ status, requestId: headers.get('x-ms-request-id') }),
      );
    },
  };
}

/** `Microsoft.Compute/virtualMachines/runCommands`, of the last provider that an address names. */
function typeIn(path: string): string {
  const [, provider = ''] = /.*\/providers\/(.+)$/i.exec(path) ?? [];
  const [namespace = '', ...rest] = provider.split('/');
  const types = rest.filter((_, index) => index % 2 === 0);
  return provider === '' ? 'Azure' : [namespace, ...types].join('/');
}
