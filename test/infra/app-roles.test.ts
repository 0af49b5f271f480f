import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { ROLES } from '../../shared/model/principal.ts';
import { PACKAGE_ROOT } from '../../shared/package-root.ts';

const read = (path: string): string => readFileSync(join(PACKAGE_ROOT, path), 'utf8');
const guide = read('docs/how-to-deploy.md');

const rolesSchema = z.array(
  z.looseObject({ id: z.guid(), value: z.string(), allowedMemberTypes: z.array(z.string()) }),
);
const roles = rolesSchema.parse(JSON.parse(read('infra/app-roles.json')));

const apiSchema = z.strictObject({
  requestedAccessTokenVersion: z.literal(2),
  oauth2PermissionScopes: z.array(
    z.looseObject({ id: z.guid(), value: z.string(), isEnabled: z.literal(true) }),
  ),
});
const clientsSchema = apiSchema.extend({
  preAuthorizedApplications: z.array(
    z.strictObject({ appId: z.guid(), delegatedPermissionIds: z.array(z.guid()) }),
  ),
});
const { api } = z.object({ api: apiSchema }).parse(JSON.parse(read('infra/app-scope.json')));
const { api: withClients } = z
  .object({ api: clientsSchema })
  .parse(JSON.parse(read('infra/app-clients.json')));

/** Published by Microsoft: learn.microsoft.com, Verify first-party Microsoft applications in sign-in reports. */
const AZURE_CLI = '04b07795-8ddb-461a-bbee-02f9e1bf7b46';

describe('the app roles that are made in Entra ID', () => {
  it('are those that the app asks for', () => {
    expect(roles.map(({ value }) => value).sort()).toEqual([...ROLES].sort());
  });

  it('give no program what a person has to say', () => {
    expect(roles.find(({ value }) => value === 'Approve')?.allowedMemberTypes).toEqual(['User']);
  });
});

describe('the scope that the command line asks for', () => {
  it('is there before the Azure CLI is allowed to ask for it, and both calls leave it as it is', () => {
    const { preAuthorizedApplications, ...rest } = withClients;
    expect(rest).toEqual(api);
    expect(preAuthorizedApplications).toEqual([
      { appId: AZURE_CLI, delegatedPermissionIds: api.oauth2PermissionScopes.map(({ id }) => id) },
    ]);
  });
});

describe('the guide to the app registration', () => {
  it('gives each role with its id', () => {
    for (const { id, value } of roles) expect(guide).toContain(`| \`${value}\` | \`${id}\` |`);
  });

  it('makes the registration with what is kept in files', () => {
    for (const file of ['app-roles.json', 'app-scope.json', 'app-clients.json'])
      expect(guide).toContain(`@infra/${file}`);
  });

  it('lets Azure Monitor request, and no more', () => {
    const assigned = /AZNS="[\s\S]*?appRoleId\\":\\"([0-9a-f-]+)/.exec(guide)?.[1];
    expect(roles.find(({ id }) => id === assigned)?.value).toBe('Request');
  });
});
