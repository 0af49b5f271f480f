/**
 * Stands in for `@azure/functions-core`, the module that only exists inside the Functions worker: the programming
 * model `@azure/functions` registers its functions and hooks here. The shapes follow what that package reads and
 * writes (its `src/InvocationModel.ts` and `src/converters/`).
 */

export interface BindingInfo {
  type?: string;
  direction?: string;
  [property: string]: unknown;
}

export interface FunctionMetadata {
  name: string;
  bindings: Record<string, BindingInfo>;
}

export type FunctionCallback = (...args: unknown[]) => unknown;

/** One value on the wire between host and worker; exactly one field is set. */
export interface TypedData {
  string?: string | null;
  json?: string | null;
  bytes?: Uint8Array | null;
  int?: number | null;
  double?: number | null;
  http?: HttpData | null;
}

export interface HttpData {
  method?: string;
  url?: string;
  statusCode?: string | null;
  headers?: Record<string, string>;
  nullableHeaders?: Record<string, { value: string }>;
  nullableQuery?: Record<string, { value: string }>;
  nullableParams?: Record<string, { value: string }>;
  body?: TypedData | null | undefined;
  cookies?: HttpCookie[];
}

export interface HttpCookie {
  name?: string | null;
  value?: string | null;
  [attribute: string]: unknown;
}

export interface InvocationRequest {
  invocationId: string;
  functionId: string;
  inputData: { name: string; data: TypedData }[];
  triggerMetadata: Record<string, TypedData>;
  traceContext: { traceParent: string; traceState: string; attributes: Record<string, string> };
  retryContext: null;
}

export interface InvocationResponse {
  returnValue?: TypedData | null | undefined;
  outputData?: { name: string; data: TypedData }[];
}

export interface CoreInvocationContext {
  invocationId: string;
  metadata: FunctionMetadata;
  request: InvocationRequest;
  state: 'preInvocationHooks' | 'postInvocationHooks' | 'invocation' | undefined;
  log(level: string, category: string, message: string): void;
}

export interface InvocationModel {
  getArguments(): Promise<{ context: unknown; inputs: unknown[] }>;
  invokeFunction(context: unknown, inputs: unknown[], callback: FunctionCallback): Promise<unknown>;
  getResponse(context: unknown, result: unknown): Promise<InvocationResponse>;
}

export interface ProgrammingModel {
  name: string;
  version: string;
  getInvocationModel(context: CoreInvocationContext): InvocationModel;
  getCapabilities(capabilities: Record<string, string>): Promise<Record<string, string>>;
}

export type HookCallback = (context: Record<string, unknown>) => unknown;

/** What one app registered while its entry module was being imported. */
export interface Registrations {
  functions: Map<string, { metadata: FunctionMetadata; callback: FunctionCallback }>;
  hooks: { name: string; callback: HookCallback }[];
}

type SystemLog = (level: string, category: string, message: string) => void;

let model: ProgrammingModel | undefined;
let systemLog: SystemLog = () => undefined;
/** Open from the start: an app imported before its host is not lost. */
let current: Registrations | undefined = emptyRegistrations();

function emptyRegistrations(): Registrations {
  return { functions: new Map(), hooks: [] };
}

/** Opens the registration of an app; whatever was registered before any host existed belongs to the first one. */
export function beginRegistration(log: SystemLog): Registrations {
  systemLog = log;
  current ??= emptyRegistrations();
  return current;
}

/** As in a process that has started no host yet. */
export function openRegistration(): void {
  current = emptyRegistrations();
}

/** From here on registering throws, as it does once the real host has started the app. */
export function endRegistration(): void {
  current = undefined;
}

/** The programming model of `@azure/functions`, once that package has registered its first function. */
export function getProgrammingModel(): ProgrammingModel | undefined {
  return model;
}

export function setProgrammingModel(value: ProgrammingModel): void {
  model = value;
}

/** @throws Error after start-up, and for a name that is taken */
export function registerFunction(
  metadata: FunctionMetadata,
  callback: FunctionCallback,
): { dispose(): void } {
  if (!current) throw new Error('A function can only be registered during app startup.');
  const { functions } = current;
  if (functions.has(metadata.name))
    throw new Error(`A function with the name "${metadata.name}" has already been registered.`);
  functions.set(metadata.name, { metadata, callback });
  return { dispose: () => functions.delete(metadata.name) };
}

export function registerHook(name: string, callback: HookCallback): { dispose(): void } {
  if (!current) throw new Error('A hook can only be registered during app startup.');
  const { hooks } = current;
  const hook = { name, callback };
  hooks.push(hook);
  return {
    dispose: () => {
      const index = hooks.indexOf(hook);
      if (index >= 0) hooks.splice(index, 1);
    },
  };
}

export function log(level: string, category: string, message: string): void {
  systemLog(level, category, message);
}
