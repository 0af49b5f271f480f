import type { FunctionMetadata, TypedData } from '../functions-core.ts';

/** The values of a function's durable client bindings. */
export function durableClientInputs(
  { bindings }: FunctionMetadata,
  value: () => string,
): { name: string; data: TypedData }[] {
  return Object.entries(bindings)
    .filter(([, { type }]) => type === 'durableClient' || type === 'orchestrationClient')
    .map(([name]) => ({ name, data: { string: value() } }));
}
