import * as z from 'zod';

/** Which remediation, and which of its steps, a call is part of: all of one remediation is one trace. */
export interface TraceRef {
  readonly remediationId: string;
  /** Number of the step in the record, from 0; missing between steps. */
  readonly step?: number | undefined;
}

/** Under this name it travels with the input of activities and sub-orchestrations, whose own schemas know nothing of it. */
const FIELD = '$trace';
const refSchema = z.object({ remediationId: z.string(), step: z.int().min(0).optional() });
const carrierSchema = z.looseObject({ [FIELD]: refSchema });
const remediationSchema = z.object({ remediationId: z.string() });

/** The input with the reference beside it; what is no object travels without. */
export function withTrace<Input>(input: Input, ref: TraceRef | undefined): Input {
  if (ref === undefined || typeof input !== 'object' || input === null || Array.isArray(input)) return input;
  return { ...input, [FIELD]: ref };
}

/** The reference that came with an input, and the input as it was. */
export function splitTrace(value: unknown): { ref: TraceRef | undefined; input: unknown } {
  const carrier = carrierSchema.safeParse(value);
  if (!carrier.success) return { ref: undefined, input: value };
  const { [FIELD]: ref, ...input } = carrier.data;
  return { ref, input };
}

/** What an orchestration belongs to, by its own input: one that was told so, or the remediation itself. */
export function traceOfInput(input: unknown): TraceRef | undefined {
  const { ref } = splitTrace(input);
  return ref ?? remediationSchema.safeParse(input).data;
}
