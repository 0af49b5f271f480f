import * as z from 'zod';
import type { Context } from '../context.ts';
import { param, type ArmAnswer, type ArmRequest } from '../http.ts';
import type { Route } from '../route.ts';
import { readBody } from '../wire.ts';
import { SCOPED_PREFIX } from './authorization.ts';

const TYPE = 'Microsoft.Authorization/policyAssignments';
const ONE = `${SCOPED_PREFIX}/:scope/providers/${TYPE}/:name`;

/** Assignments of the built-in policy that adds or replaces one tag, the only one the lab obeys. */
export const policyAssignmentRoutes: Route[] = [
  { method: 'PUT', path: ONE, action: `${TYPE}/write`, handle: assign },
  { method: 'DELETE', path: ONE, action: `${TYPE}/delete`, handle: remove },
];

const text = z.object({ value: z.string() });
const bodySchema = z.looseObject({
  properties: z.looseObject({
    policyDefinitionId: z.string(),
    parameters: z.object({ tagName: text, tagValue: text }),
  }),
});

function assign(request: ArmRequest, { policies }: Context): ArmAnswer {
  const [name, scope] = [param(request, 'name'), param(request, 'scope')];
  const { tagName, tagValue } = readBody(bodySchema, request.body).properties.parameters;
  policies.set(`${scope}/${name}`, { scope, tags: { [tagName.value]: tagValue.value } });
  return { status: 201, body: request.body };
}

function remove(request: ArmRequest, { policies }: Context): ArmAnswer {
  return { status: policies.delete(`${param(request, 'scope')}/${param(request, 'name')}`) ? 200 : 204 };
}
