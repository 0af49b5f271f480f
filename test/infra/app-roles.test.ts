import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ROLES } from '../../shared/model/principal.ts';
import { PACKAGE_ROOT } from '../../shared/package-root.ts';

const rolesSchema = z.array(z.looseObject({ value: z.string(), allowedMemberTypes: z.array(z.string()) }));
const roles = rolesSchema.parse(JSON.parse(readFileSync(join(PACKAGE_ROOT, 'infra/app-roles.json'), 'utf8')));

describe('the app roles that are made in Entra ID', () => {
  it('are those that the app asks for', () => {
    expect(roles.map(({ value }) => value).sort()).toEqual([...ROLES].sort());
  });

  it('give no program what a person has to say', () => {
    expect(roles.find(({ value }) => value === 'Approve')?.allowedMemberTypes).toEqual(['User']);
  });
});
