import { ArmError } from '../errors.ts';
import { ok, page, param, type ArmAnswer, type ArmRequest } from '../http.ts';
import { PATHS, type Route } from '../route.ts';
import type { JsonObject } from '../store/json.ts';

const COLLECTION = `${PATHS.subscriptionCompute}/locations/:location/runCommands`;
const ACTION = 'Microsoft.Compute/locations/runCommands/read';

/** What the action Run Command can be asked for by its id, as far as the lab runs it (REST API, Virtual Machine Run Commands - List, Get). */
export const runCommandDocumentRoutes: Route[] = [
  { method: 'GET', path: COLLECTION, action: ACTION, handle: () => page(DOCUMENTS.map(withoutScript)) },
  { method: 'GET', path: `${COLLECTION}/:id`, action: ACTION, handle: get },
];

const DOCUMENTS: readonly RunCommandDocument[] = [
  documentOf('RunPowerShellScript', 'Windows', 'Executes a PowerShell script', [
    'param(',
    '    [string]$arg1,',
    '    [string]$arg2',
    ')',
    'Write-Host This is a sample script with parameters $arg1 $arg2',
  ]),
  documentOf('RunShellScript', 'Linux', 'Executes a Linux shell script', [
    'echo This is a sample script with parameters $1 $2',
  ]),
];

type RunCommandDocument = JsonObject & { id: string };

function documentOf(id: string, osType: string, label: string, script: string[]): RunCommandDocument {
  return {
    $schema: 'http://schema.management.azure.com/schemas/2016-11-17/runcommands.json',
    id,
    osType,
    label,
    description: `Custom multiline script should be defined in script property. Optional parameters can be set in parameters property.`,
    script,
    parameters: ['arg1', 'arg2'].map((name, index) => ({
      name,
      type: 'string',
      defaultValue: `value${String(index + 1)}`,
    })),
  };
}

function withoutScript({
  script: _script,
  parameters: _parameters,
  ...rest
}: RunCommandDocument): JsonObject {
  return rest;
}

function get(request: ArmRequest): ArmAnswer {
  const id = param(request, 'id');
  const found = DOCUMENTS.find((one) => one.id.toLowerCase() === id.toLowerCase());
  if (!found) throw new ArmError(404, 'NotFound', 'The entity was not found in this Azure location');
  return ok(found);
}
