import type { Context } from '../context.ts';
import { ArmError } from '../errors.ts';
import { param, type ArmAnswer, type ArmRequest } from '../http.ts';
import { resultAnswer, statusAnswer } from '../operation-answers.ts';
import type { Operation } from '../operations.ts';
import { PATHS, type Route } from '../route.ts';

const COMPUTE = `${PATHS.subscriptionCompute}/locations/:location`;
const NETWORK = `${PATHS.subscriptionNetwork}/locations/:location`;

/** Where long operations are polled (contract, 4.1). */
export const operationPollRoutes: Route[] = [
  {
    method: 'GET',
    path: `${COMPUTE}/operations/:operation`,
    action: 'Microsoft.Compute/locations/operations/read',
    anywhere: true,
    handle: computePoll,
  },
  {
    method: 'GET',
    path: `${COMPUTE}/DiskOperations/:operation`,
    action: 'Microsoft.Compute/locations/diskOperations/read',
    anywhere: true,
    handle: computePoll,
  },
  {
    method: 'GET',
    path: `${NETWORK}/operations/:operation`,
    action: 'Microsoft.Network/locations/operations/read',
    anywhere: true,
    handle: (request, context) => statusAnswer(find(request, context)),
  },
  {
    method: 'GET',
    path: `${NETWORK}/operationResults/:operation`,
    action: 'Microsoft.Network/locations/operationResults/read',
    anywhere: true,
    handle: result,
  },
  {
    method: 'GET',
    path: `${PATHS.subscription}/operationresults/:operation`,
    action: 'Microsoft.Resources/subscriptions/operationresults/read',
    anywhere: true,
    handle: result,
  },
];

/** One address for both: `monitor=true` asks for the result. */
function computePoll(request: ArmRequest, context: Context): ArmAnswer {
  return request.query.get('monitor') === 'true'
    ? result(request, context)
    : statusAnswer(find(request, context));
}

function result(request: ArmRequest, context: Context): ArmAnswer {
  return resultAnswer(find(request, context), request.origin);
}

function find(request: ArmRequest, { operations }: Context): Operation {
  const id = param(request, 'operation');
  const operation = operations.find(id);
  if (!operation)
    throw new ArmError(
      404,
      'NotFound',
      `The entity was not found in this Azure location: operation '${id}'.`,
    );
  return operation;
}
