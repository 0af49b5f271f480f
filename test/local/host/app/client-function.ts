import { app, type HttpRequest, type InvocationContext } from '@azure/functions';
import * as df from 'durable-functions';
import * as z from 'zod';

/** Registers a function that calls a method of the durable client with the arguments in the body. */
export function registerClient(): void {
  app.http('client', {
    route: 'client/{operation}',
    methods: ['POST'],
    authLevel: 'anonymous',
    extraInputs: [df.input.durableClient()],
    handler: async (request: HttpRequest, context: InvocationContext) => {
      const client = df.getClient(context);
      const operation = request.params['operation'] ?? '';
      const parameters = z.array(z.unknown()).parse(await request.json());
      const method: unknown = Reflect.get(client, operation);
      if (typeof method !== 'function') return { status: 404 };
      try {
        const result: unknown = await Reflect.apply(method, client, parameters);
        return { jsonBody: { ok: result ?? null } };
      } catch (error) {
        return { jsonBody: { error: error instanceof Error ? error.message : String(error) } };
      }
    },
  });
}
