import { createHttpHeaders, createPipelineRequest, type HttpMethods } from '@azure/core-rest-pipeline';
import { keepsReasons } from '../../../shared/azure/canceled-operations.ts';

/** What a caller is given of this answer. */
async function givenOf(body: string, method: HttpMethods = 'GET', status = 200): Promise<string> {
  const request = createPipelineRequest({ url: 'https://arm.example/operations/1', method });
  const response = await keepsReasons().sendRequest(request, () =>
    Promise.resolve({ request, status, headers: createHttpHeaders(), bodyAsText: body }),
  );
  return response.bodyAsText ?? '';
}

describe('An operation that was canceled', () => {
  const reason = { code: 'OperationPreempted', message: 'A more recent operation took over.' };

  it.each(['Canceled', 'Cancelled', 'canceled'])(
    'is told with its reason, as a failure: %s',
    async (status) => {
      const given = await givenOf(JSON.stringify({ name: '1', status, error: reason }));
      expect(JSON.parse(given)).toEqual({ name: '1', status: 'Failed', error: reason });
    },
  );

  it.each([
    ['without a reason', JSON.stringify({ status: 'Canceled' })],
    ['that is not one', JSON.stringify({ status: 'Succeeded', properties: { was: 'Canceled' } })],
    ['that is no JSON', 'oh, "Canceled"'],
    ['that has failed', JSON.stringify({ status: 'Failed', error: reason })],
  ])('is passed on as it is, %s', async (_, body) => {
    expect(await givenOf(body)).toBe(body);
  });

  it('is not looked for in the answer to a change', async () => {
    const body = JSON.stringify({ status: 'Canceled', error: reason });
    expect(await givenOf(body, 'PUT')).toBe(body);
    expect(await givenOf(body, 'GET', 409)).toBe(body);
  });
});
