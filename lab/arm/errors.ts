import type { JsonValue } from './store/json.ts';

interface ErrorExtras {
  target?: string;
  details?: JsonValue[];
  innererror?: JsonValue;
  headers?: Record<string, string>;
}

/**
 * An answer that refuses, in ARM's own words (ErrorResponse, azure-rest-api-specs, common-types). Thrown by handlers before an operation
 * begins, it is the HTTP answer; thrown while one finishes, it is the operation's error.
 */
export class ArmError extends Error {
  readonly status: number;
  readonly code: string;
  readonly extras: ErrorExtras;

  constructor(status: number, code: string, message: string, extras: ErrorExtras = {}) {
    super(message);
    this.name = 'ArmError';
    this.status = status;
    this.code = code;
    this.extras = extras;
  }

  /** The body as it goes over the wire. */
  toBody(): JsonValue {
    const { target, details, innererror } = this.extras;
    return {
      error: {
        code: this.code,
        message: this.message,
        ...(target !== undefined && { target }),
        ...(details !== undefined && { details }),
        ...(innererror !== undefined && { innererror }),
      },
    };
  }
}

/** `x-ms-failure-cause: gateway` marks what ARM itself refuses, before a provider sees it. */
const GATEWAY = { headers: { 'x-ms-failure-cause': 'gateway' } };

export function resourceNotFound(type: string, name: string, resourceGroup: string): ArmError {
  return new ArmError(
    404,
    'ResourceNotFound',
    `The Resource '${type}/${name}' under resource group '${resourceGroup}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
    GATEWAY,
  );
}

/** What hangs below a resource that is not there (azure-cli-extensions#5535). */
export function parentResourceNotFound(parent: string): ArmError {
  return new ArmError(
    404,
    'ParentResourceNotFound',
    `Can not perform requested operation on nested resource. Parent resource '${parent}' not found.`,
    GATEWAY,
  );
}

export function resourceGroupNotFound(name: string): ArmError {
  return new ArmError(404, 'ResourceGroupNotFound', `Resource group '${name}' could not be found.`, GATEWAY);
}

export function subscriptionNotFound(id: string): ArmError {
  return new ArmError(404, 'SubscriptionNotFound', `The subscription '${id}' could not be found.`, GATEWAY);
}

export function resourceGroupBeingDeleted(name: string): ArmError {
  return new ArmError(
    409,
    'ResourceGroupBeingDeleted',
    `The resource group '${name}' is in deprovisioning state and cannot perform this operation.`,
    GATEWAY,
  );
}

export function notImplemented(method: string, path: string): ArmError {
  return new ArmError(501, 'LabRouteNotImplemented', `The lab does not imitate ${method} ${path}.`);
}

export function operationNotAllowed(message: string, target?: string): ArmError {
  return new ArmError(409, 'OperationNotAllowed', message, target === undefined ? {} : { target });
}

export function propertyChangeNotAllowed(property: string): ArmError {
  return new ArmError(409, 'PropertyChangeNotAllowed', `Changing property '${property}' is not allowed.`, {
    target: property,
  });
}

export function invalidParameter(
  target: string,
  message = `The value of parameter ${target} is invalid.`,
): ArmError {
  return new ArmError(400, 'InvalidParameter', message, { target });
}

export function conflict(): ArmError {
  return new ArmError(
    409,
    'Conflict',
    'The request failed due to conflict with a concurrent request. To resolve it, please refer to https://aka.ms/activitylog to get more details on the conflicting requests.',
  );
}

export function preconditionFailed(given: string, current: string): ArmError {
  return new ArmError(
    412,
    'PreconditionFailed',
    `Etag provided in if-match header ${given} does not match etag ${current} of resource.`,
  );
}

export function scopeLocked(id: string, deed: 'write' | 'delete', lockedScopes: string[]): ArmError {
  return new ArmError(
    409,
    'ScopeLocked',
    `The scope '${id}' cannot perform ${deed} operation because following scope(s) are locked: '${lockedScopes.join(',')}'. Please remove the lock and try again.`,
    GATEWAY,
  );
}

export function invalidReference(missing: string, by: string): ArmError {
  return new ArmError(
    400,
    'InvalidResourceReference',
    `Resource ${missing} referenced by resource ${by} was not found. Please make sure that the referenced resource exists, and that both resources are in the same region.`,
    { details: [] },
  );
}
