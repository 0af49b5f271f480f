import type { PipelinePolicy } from '@azure/core-rest-pipeline';
import * as z from 'zod';

/** How a status page tells of a canceled operation (learn.microsoft.com, azure-resource-manager/management/async-operations). */
const canceledSchema = z.looseObject({
  status: z.string().regex(/^cancell?ed$/i),
  error: z.looseObject({ code: z.string() }),
});

/**
 * Keeps why an operation was canceled. `core-lro` drops it ("Operation was canceled"), and whether somebody else's operation took over
 * or Azure gave up makes the difference between leaving a VM alone and starting it again: with a reason, it is told as a failure is.
 */
export function keepsReasons(): PipelinePolicy {
  return {
    name: 'keepsReasons',
    async sendRequest(request, next) {
      const response = await next(request);
      const { bodyAsText } = response;
      if (request.method !== 'GET' || response.status !== 200 || !/"cancell?ed"/i.test(bodyAsText ?? ''))
        return response;
      const canceled = canceledSchema.safeParse(parsed(bodyAsText));
      if (!canceled.success) return response;
      return { ...response, bodyAsText: JSON.stringify({ ...canceled.data, status: 'Failed' }) };
    },
  };
}

function parsed(text: string | null | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
