import * as z from 'zod';
import { refuseDisallowed } from '../compute/extension-refusals.ts';
import { runScript, tail } from '../compute/script-run.ts';
import type { Context } from '../context.ts';
import { ArmError, operationNotAllowed } from '../errors.ts';
import { ok, type ArmAnswer, type ArmRequest } from '../http.ts';
import { PATHS, type Route } from '../route.ts';
import type { JsonObject } from '../store/json.ts';
import { idKey } from '../store/resource-id.ts';
import { RUN_COMMAND_LIMIT_SECONDS } from '../timings.ts';
import { readBody, wire } from '../wire.ts';

const TYPE = 'Microsoft.Compute/virtualMachines';

const bodySchema = wire('RunCommandInput', {
  commandId: z.string(),
  script: z.array(z.string()).default([]),
  parameters: z.array(wire('RunCommandInputParameter', { name: z.string(), value: z.string() })).default([]),
});

/** The action Run Command: one at a time, the tail of its output, no cancelling. */
export const runCommandRoutes: Route[] = [
  {
    method: 'POST',
    path: `${PATHS.groupCompute}/virtualMachines/:name/runCommand`,
    action: `${TYPE}/runCommand/action`,
    handle: invoke,
  },
];

function invoke(request: ArmRequest, context: Context): ArmAnswer {
  const vm = context.store.virtualMachines.get(request.target);
  const { commandId, script, parameters } = readBody(bodySchema, request.body);
  const wanted = vm.osType === 'Windows' ? 'RunPowerShellScript' : 'RunShellScript';
  if (commandId.toLowerCase() !== wanted.toLowerCase()) {
    throw new ArmError(404, 'NotFound', 'The entity was not found in this Azure location');
  }
  if (vm.power !== 'running')
    throw operationNotAllowed('The operation requires the VM to be running (or set to run).');
  refuseDisallowed(vm);
  const operation = context.operations.begin(request, {
    family: 'compute',
    location: vm.location,
    exclusive: `${idKey(vm.id)}/runCommand`,
    busy: () =>
      new ArmError(
        409,
        'Conflict',
        'Run command extension execution is in progress. Please wait for completion before invoking a run command.',
      ),
    async work(passage) {
      const run = {
        text: script.join('\n'),
        parameters: Object.fromEntries(parameters.map(({ name, value }) => [name, value])),
      };
      const outcome = await runScript(context, vm, run, passage, RUN_COMMAND_LIMIT_SECONDS);
      if (outcome.timedOut) throw timedOut();
      return ok({ value: vm.osType === 'Windows' ? windowsResult(outcome) : linuxResult(outcome) });
    },
  });
  return { status: 202, operation };
}

/** Succeeds whatever the script did: the exit code is lost. */
function windowsResult({ stdout, stderr }: { stdout: string; stderr: string }): JsonObject[] {
  const entry = (stream: string, text: string): JsonObject => ({
    code: `ComponentStatus/${stream}/succeeded`,
    level: 'Info',
    displayStatus: 'Provisioning succeeded',
    message: tail(text),
  });
  return [entry('StdOut', stdout), entry('StdErr', stderr)];
}

function linuxResult({ stdout, stderr }: { stdout: string; stderr: string }): JsonObject[] {
  const message = `Enable succeeded: \n[stdout]\n${tail(stdout)}\n[stderr]\n${tail(stderr)}\n`;
  return [
    { code: 'ProvisioningState/succeeded', level: 'Info', displayStatus: 'Provisioning succeeded', message },
  ];
}

function timedOut(): ArmError {
  return new ArmError(
    409,
    'VMExtensionProvisioningTimeout',
    "Provisioning of VM extension 'RunCommandWindows' has timed out. Extension installation may be taking too long, or extension status could not be obtained.",
  );
}
