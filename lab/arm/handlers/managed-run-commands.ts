import * as z from 'zod';
import type { Behaviour } from '../behaviour.ts';
import { createOutputs, writeOutputs, type Outputs } from '../compute/run-outputs.ts';
import { refuseExtensions, refuseTooMany } from '../compute/extension-refusals.ts';
import { parentVm } from '../compute/parent-vm.ts';
import { sharedText } from '../compute/shared-text.ts';
import { runScript, tail, type Run } from '../compute/script-run.ts';
import { runCommandToWire } from '../compute/vm-wire.ts';
import { timestamp, toTimestamp, type Context } from '../context.ts';
import { ArmError, invalidParameter } from '../errors.ts';
import { ok, page, type ArmAnswer, type ArmRequest } from '../http.ts';
import type { Passage } from '../operations.ts';
import { PATHS, type Route } from '../route.ts';
import { jsonObject, toJson, toJsonObject, type JsonObject } from '../store/json.ts';
import { nameOf } from '../store/resource-id.ts';
import type { ManagedRunCommand, VirtualMachine } from '../store/resources.ts';
import { RUN_COMMAND_LIMIT_SECONDS, RUN_COMMAND_LONGEST_SECONDS, SECONDS } from '../timings.ts';
import { readBody, readOnly, stored, wire } from '../wire.ts';

const TYPE = 'Microsoft.Compute/virtualMachines/runCommands';
const COLLECTION = `${PATHS.groupCompute}/virtualMachines/:name/runCommands`;
const ONE = `${COLLECTION}/:runCommand`;

const parameter = wire('RunCommandInputParameter', { name: z.string(), value: z.string() });

const propertiesSchema = wire('VirtualMachineRunCommandProperties', {
  source: wire('VirtualMachineRunCommandScriptSource', {
    script: z.string().optional(),
    ...stored(
      'scriptUri',
      'commandId',
      'scriptUriManagedIdentity',
      'scriptShell',
      'galleryScriptReferenceId',
    ),
  }).optional(),
  parameters: z.array(parameter).optional(),
  protectedParameters: z.array(parameter).optional(),
  asyncExecution: z.boolean().default(false),
  runAsUser: z.string().optional(),
  runAsPassword: z.string().optional(),
  timeoutInSeconds: z.int().min(1).max(RUN_COMMAND_LONGEST_SECONDS).default(RUN_COMMAND_LIMIT_SECONDS),
  outputBlobUri: z.url().optional(),
  errorBlobUri: z.url().optional(),
  treatFailureAsDeploymentFailure: z.boolean().default(false),
  ...stored('outputBlobManagedIdentity', 'errorBlobManagedIdentity'),
  ...readOnly('provisioningState', 'instanceView'),
});

const bodySchema = wire('VirtualMachineRunCommand', {
  location: z.string(),
  tags: z.record(z.string(), z.string()).optional(),
  properties: propertiesSchema,
  ...readOnly('id', 'name', 'type'),
});
const updateSchema = wire('VirtualMachineRunCommandUpdate', {
  tags: z.record(z.string(), z.string()).optional(),
  properties: jsonObject.optional(),
});
type Properties = z.output<typeof propertiesSchema>;

export const managedRunCommandRoutes: Route[] = [
  { method: 'GET', path: ONE, action: `${TYPE}/read`, handle: get },
  { method: 'GET', path: COLLECTION, action: `${TYPE}/read`, handle: list },
  { method: 'PUT', path: ONE, action: `${TYPE}/write`, handle: createOrUpdate },
  { method: 'PATCH', path: ONE, action: `${TYPE}/write`, handle: update },
  { method: 'DELETE', path: ONE, action: `${TYPE}/delete`, handle: remove },
];

const expands = ({ query }: ArmRequest): boolean => query.get('$expand')?.toLowerCase() === 'instanceview';

function get(request: ArmRequest, { store }: Context): ArmAnswer {
  parentVm({ store }, request.target);
  return ok(runCommandToWire(store.runCommands.get(request.target), expands(request)));
}

function list(request: ArmRequest, { store }: Context): ArmAnswer {
  parentVm({ store }, request.target);
  return page(
    store.runCommands.within(request.target).map((command) => runCommandToWire(command, expands(request))),
  );
}

function createOrUpdate(request: ArmRequest, context: Context): ArmAnswer {
  const { store, operations } = context;
  const vm = parentVm({ store }, request.target);
  const body = readBody(bodySchema, request.body);
  const {
    source: given,
    runAsPassword: _password,
    protectedParameters: _protected,
    ...shown
  } = body.properties;
  if (given?.script === undefined) throw invalidParameter('source.script');
  const source = { ...given, script: sharedText(given.script) };
  // The operation keeps this, and not the body with a script of its own.
  const properties = { ...body.properties, source };
  if (shown.asyncExecution)
    throw new ArmError(501, 'LabRouteNotImplemented', 'The lab does not imitate asyncExecution.');
  refuseExtensions(vm);
  const existed = store.runCommands.find(request.target) !== undefined;
  if (!existed) refuseTooMany(store.runCommands.within(vm.id).length);
  const command: ManagedRunCommand = {
    id: request.target,
    name: nameOf(request.target),
    type: TYPE,
    location: body.location,
    ...(body.tags && { tags: body.tags }),
    provisioningState: existed ? 'Updating' : 'Creating',
    revision: 1,
    vmId: vm.id,
    properties: toJsonObject({ source, ...shown }),
    instanceView: {
      executionState: 'Pending',
      executionMessage: '',
      exitCode: 0,
      output: '',
      error: '',
      statuses: [],
    },
  };
  // A second PUT under the same name takes the place of the first, whose script ends.
  const operation = operations.begin(request, {
    family: 'compute',
    location: vm.location,
    exclusive: request.target,
    preempts: true,
    work: (passage) => execute(context, vm, command, properties, passage),
    failed(error) {
      command.provisioningState = 'Failed';
      if (error.code === 'OperationPreempted') command.instanceView['executionState'] = 'Canceled';
    },
  });
  store.runCommands.put(command);
  return { status: existed ? 200 : 201, body: runCommandToWire(command), operation };
}

/** What is not named stays as it was, and the script runs again; what is secret is not kept, and has to be named. */
function update(request: ArmRequest, context: Context): ArmAnswer {
  const { location, tags, properties } = context.store.runCommands.get(request.target);
  const wanted = readBody(updateSchema, request.body);
  const body = toJson({
    location,
    tags: wanted.tags ?? tags,
    properties: { ...properties, ...wanted.properties },
  });
  return createOrUpdate({ ...request, body }, context);
}

async function execute(
  context: Context,
  vm: VirtualMachine,
  command: ManagedRunCommand,
  properties: Properties,
  passage: Passage,
): Promise<ArmAnswer> {
  const {
    source,
    parameters = [],
    protectedParameters = [],
    runAsUser,
    runAsPassword,
    timeoutInSeconds,
  } = properties;
  const script = {
    text: source?.script ?? '',
    parameters: Object.fromEntries(
      [...parameters, ...protectedParameters].map(({ name, value }) => [name, value]),
    ),
    ...(runAsUser !== undefined && { runAs: { user: runAsUser, password: runAsPassword ?? '' } }),
  };
  command.instanceView['executionState'] = 'Running';
  command.instanceView['startTime'] = timestamp(context.clock);
  const outputs = await createOutputs(context, vm, properties, passage);
  const run = outputs.failure ?? (await runScript(context, vm, script, passage, timeoutInSeconds));
  await writeOutputs(outputs, run);
  command.instanceView = viewOf(run, outputs, context.behaviour);
  const failed = run.timedOut || run.exitCode !== 0;
  command.provisioningState = failed && properties.treatFailureAsDeploymentFailure ? 'Failed' : 'Succeeded';
  if (command.provisioningState === 'Failed') {
    throw new ArmError(
      409,
      'VMExtensionProvisioningError',
      `VM has reported a failure when processing extension '${command.name}'. Error message: "${tail(run.stderr)}".`,
    );
  }
  return ok(runCommandToWire(command));
}

function viewOf(run: Run, { why }: Outputs, { endedScriptSays }: Behaviour): JsonObject {
  const state = run.timedOut ? 'TimedOut' : run.exitCode === 0 ? 'Succeeded' : 'Failed';
  const message = run.timedOut
    ? 'Execution timed out'
    : run.exitCode === 0
      ? 'Execution completed'
      : `Execution failed: command terminated with exit status=${String(run.exitCode)}`;
  return {
    executionState: endedScriptSays === 'final' ? state : endedScriptSays,
    executionMessage: why ?? message,
    exitCode: run.timedOut ? -1 : run.exitCode,
    output: tail(run.stdout),
    error: tail(run.stderr),
    startTime: toTimestamp(run.startTime),
    endTime: toTimestamp(run.endTime),
    statuses: [],
  };
}

function remove(request: ArmRequest, { store, operations }: Context): ArmAnswer {
  const command = store.runCommands.find(request.target);
  if (!command) {
    parentVm({ store }, request.target);
    return { status: 204 };
  }
  const operation = operations.begin(request, {
    family: 'compute',
    location: command.location,
    exclusive: command.id,
    preempts: true,
    async work({ pass }) {
      await pass(SECONDS.runCommandDelete);
      store.runCommands.remove(command.id);
      return { status: 200 };
    },
  });
  command.provisioningState = 'Deleting';
  return { status: 202, operation };
}
