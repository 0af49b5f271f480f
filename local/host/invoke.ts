import { randomUUID } from 'node:crypto';
import type { FunctionCallback, FunctionMetadata, InvocationResponse, TypedData } from './functions-core.ts';
import { messageOf } from './errors.ts';
import type { LoadedApp } from './load-app.ts';

export interface RegisteredFunction {
  metadata: FunctionMetadata;
  callback: FunctionCallback;
}

export interface Inputs {
  inputData: { name: string; data: TypedData }[];
  triggerMetadata?: Record<string, TypedData>;
  /** Told of the context that the function was called with, once it has answered. */
  answered?: (context: unknown) => void;
}

export type Invoke = (target: RegisteredFunction, inputs: Inputs) => Promise<InvocationResponse>;

/**
 * Makes the caller of functions, which goes through the app's own programming model the way the Node worker does:
 * arguments, pre-invocation hooks, handler, post-invocation hooks, response.
 * The invocation rejects with whatever the handler threw.
 */
export function createInvoke({ model, registrations }: LoadedApp, log: (line: string) => void): Invoke {
  const runHooks = async (name: string, context: Record<string, unknown>): Promise<void> => {
    for (const hook of registrations.hooks) if (hook.name === name) await hook.callback(context);
  };

  return async ({ metadata, callback }, { inputData, triggerMetadata = {}, answered }) => {
    if (!model) throw new Error('The app registered no programming model.');
    const invocationId = randomUUID();
    const core = {
      invocationId,
      metadata,
      request: {
        invocationId,
        functionId: metadata.name,
        inputData,
        triggerMetadata,
        traceContext: { traceParent: '', traceState: '', attributes: {} },
        retryContext: null,
      },
      state: undefined,
      log: (level: string, _category: string, message: string) => {
        log(`[${metadata.name}] ${level}: ${message}`);
      },
    };
    const invocation = model.getInvocationModel(core);
    const { context, inputs } = await invocation.getArguments();

    const before = {
      hookData: {},
      appHookData: {},
      invocationContext: context,
      functionCallback: callback,
      inputs,
    };
    await runHooks('preInvocation', before);
    const after: Record<string, unknown> = { ...before, result: null, error: null };
    try {
      after['result'] = await invocation.invokeFunction(context, before.inputs, before.functionCallback);
    } catch (error) {
      after['error'] = error instanceof Error ? error : new Error(messageOf(error));
    }
    await runHooks('postInvocation', after);
    if (after['error'] instanceof Error) throw after['error'];
    answered?.(context);
    return invocation.getResponse(context, after['result']);
  };
}
