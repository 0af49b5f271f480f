import { createHttpHeaders, createPipelineRequest, RestError } from '@azure/core-rest-pipeline';
import { AuthenticationError, CredentialUnavailableError } from '@azure/identity';
import {
  arm,
  armIfExists,
  isNotFound,
  retryAfter,
  toArmError,
  waitedOut,
} from '../../../shared/azure/arm-error.ts';
import { requireSettled } from '../../../shared/azure/operation.ts';
import type { ErrorCode } from '../../../shared/error-codes.ts';
import { MedicError } from '../../../shared/errors.ts';

/** What the SDK throws of ARM's answer. */
function answer(status: number | undefined, details?: unknown, wait?: string, code?: string): RestError {
  const request = createPipelineRequest({ url: 'https://management.azure.com/' });
  const headers = createHttpHeaders(wait === undefined ? {} : { 'retry-after': wait });
  const error = new RestError('the text', {
    ...(status === undefined ? {} : { statusCode: status }),
    ...(code === undefined ? {} : { code }),
    request,
    response: { request, headers, status: status ?? 0 },
  });
  error.details = details;
  return error;
}

describe('what Azure answers is named', () => {
  it.each<[number | undefined, string, ErrorCode]>([
    [undefined, 'ECONNRESET', 'AzureUnavailable'],
    [408, 'Timeout', 'AzureUnavailable'],
    [500, 'InternalServerError', 'AzureUnavailable'],
    [503, 'ServerBusy', 'AzureUnavailable'],
    [501, 'NotImplemented', 'AzureRefused'],
    [499, 'ClientClosed', 'AzureRefused'],
    [429, 'TooManyRequests', 'AzureThrottled'],
    [403, 'RequestDisallowedByPolicy', 'PolicyDenied'],
    [401, 'InvalidAuthenticationToken', 'AccessDenied'],
    [403, 'AuthorizationFailed', 'AccessDenied'],
    [409, 'ScopeLocked', 'ReadOnlyLock'],
    [412, 'PreconditionFailed', 'AzureConflict'],
    [409, 'Conflict', 'AzureConflict'],
    [409, 'ConflictingConcurrentWriteNotAllowed', 'AzureConflict'],
    [409, 'AnotherOperationInProgress', 'AzureConflict'],
    [409, 'AttachDiskWhileBeingDetached', 'AzureConflict'],
    [409, 'RetryableError', 'AzureConflict'],
    [409, 'RetryableErrorDueToAnotherOperation', 'AzureConflict'],
    [400, 'NicReservedForAnotherVm', 'AzureConflict'],
    [400, 'ReferencedResourceNotProvisioned', 'AzureConflict'],
    [404, 'Conflict', 'AzureRefused'],
    [409, 'OperationNotAllowed', 'AzureRefused'],
    [400, 'InvalidParameter', 'AzureRefused'],
  ])('%s %s: %s', (status, code, named) => {
    for (const body of [{ error: { code, message: 'why' } }, { code, message: 'why' }])
      expect(toArmError(answer(status, body))).toMatchObject({ code: named, message: `${code}: why` });
  });

  it('by the SDK’s own code and text where there is no body', () => {
    expect(toArmError(answer(400, undefined, undefined, 'PARSE_ERROR')).message).toBe(
      'PARSE_ERROR: the text',
    );
    expect(toArmError(answer(400, 'no JSON')).message).toBe('Unknown: the text');
  });

  it('with how long it asks to be left alone', () => {
    expect(toArmError(answer(429, {}, '17'))).toMatchObject({ retryAfterSeconds: 17 });
    expect(toArmError(answer(429, {}))).not.toHaveProperty('retryAfterSeconds', expect.anything());
  });

  it('and what is named already stays as it is', () => {
    const known = new MedicError('VmNotFound', 'gone');
    expect(toArmError(known)).toBe(known);
  });

  it.each<[string, unknown, ErrorCode, string]>([
    [
      'no token',
      new CredentialUnavailableError('none'),
      'AzureUnavailable',
      'Could not get a token for Azure: none',
    ],
    [
      'a refused token',
      new AuthenticationError(400, 'no'),
      'AzureUnavailable',
      'Could not get a token for Azure: ',
    ],
    [
      'no answer',
      Object.assign(new Error('late'), { name: 'AbortError' }),
      'AzureUnavailable',
      'Azure did not answer in time.',
    ],
    [
      'a failed operation',
      new Error('The long-running operation has failed. AllocationFailed. No host is free.'),
      'OperationFailed',
      'AllocationFailed: No host is free.',
    ],
    ['another failure', new Error('Failed. Why. The rest.'), 'OperationFailed', 'Failed. Why. The rest.'],
    ['a text', 'thrown', 'OperationFailed', 'thrown'],
  ])('%s', (_what, thrown, code, message) => {
    expect(toArmError(thrown)).toMatchObject({ code, message: expect.stringContaining(message) as string });
  });
});

describe('what stands for anything', () => {
  it('is waited out, and nothing else is', () => {
    const refused = (code: string): MedicError => new MedicError('AzureRefused', `${code}: why`);
    expect(waitedOut(refused('OperationNotAllowed'))).toMatchObject({
      code: 'AzureConflict',
      message: 'OperationNotAllowed: why',
    });
    const others = [
      refused('OperationNotAllowedHere'),
      refused('The OperationNotAllowed'),
      new MedicError('AccessDenied', 'OperationNotAllowed: why'),
      new Error('OperationNotAllowed'),
    ];
    for (const other of others) expect(waitedOut(other)).toBe(other);
  });
});

it.each([
  ['5', 5],
  ['0', 0],
  ['600', 600],
  ['601', 600],
  ['-1', undefined],
  ['Fri, 27 Nov 2026 21:00:00 GMT', undefined],
  ['', undefined],
  [null, undefined],
  [undefined, undefined],
])('Retry-After %s: %s s', (header, seconds) => {
  expect(retryAfter(header)).toBe(seconds);
});

describe('a resource that is not there', () => {
  it('is none by its status alone, and an error where it has to be there', async () => {
    const missing = answer(404, { error: { code: 'ResourceNotFound' } });
    expect([missing, answer(403), new Error('404'), { statusCode: 404 }].map(isNotFound)).toEqual([
      true,
      false,
      false,
      false,
    ]);
    expect(await armIfExists<string>(() => Promise.reject(missing))).toBeUndefined();
    await expect(arm<string>(() => Promise.reject(missing))).rejects.toMatchObject({ code: 'AzureRefused' });
    await expect(armIfExists<string>(() => Promise.reject(answer(403)))).rejects.toMatchObject({
      code: 'AccessDenied',
    });
    expect(await armIfExists(() => Promise.resolve(1))).toBe(1);
  });
});

it.each(['Creating', 'Updating', 'Deleting', 'Migrating'])(
  'what is %s has not settled',
  (provisioningState) => {
    expect(() => {
      requireSettled({ name: 'web', provisioningState });
    }).toThrow('An operation on web has not ended.');
  },
);

it.each([undefined, {}, { provisioningState: 'Succeeded' }, { provisioningState: 'Failed' }])(
  'what is %j has settled',
  (resource) => {
    expect(() => {
      requireSettled(resource);
    }).not.toThrow();
  },
);
