import { ROLES } from '../../../shared/model/principal.ts';
import type { TriggerDependencies } from '../dependencies.ts';
import { only } from '../door.ts';
import type { Route } from '../route.ts';
import { getPageFile } from './files.ts';
import { getMe, postSignIn, postSignOut } from './sign-in.ts';

/** What the page asks the API for. */
const ASKED = [
  'remediations',
  'remediation',
  'remediationReport',
  'remediationEvidence',
  'remediationApproval',
  'remediationCancel',
  'remediationRollback',
  'counts',
  'queue',
  'requeue',
];

/**
 * The page, and beside each address of the API that it asks the same one under `page/` with the same handlers: the host asks for the
 * function key at those of the API, and knows nothing of sessions.
 */
export function pageRoutes(deps: TriggerDependencies, api: readonly Route[]): readonly Route[] {
  const { document, assets } = deps.page;
  return [
    {
      name: 'page',
      // Nothing at all: the host takes an empty route for none given, and one with a slash in front breaks it.
      path: '{nothing:maxlength(0)?}',
      handlers: { GET: getPageFile(() => document) },
      access: 'anybody',
    },
    {
      name: 'pageAssets',
      path: 'page/assets/{file}',
      handlers: { GET: getPageFile((name) => assets.get(name)) },
      access: 'anybody',
    },
    { name: 'pageMe', path: 'page/me', handlers: { GET: getMe(deps) }, access: 'anybody' },
    {
      name: 'pageSignIn',
      path: 'page/sign-in',
      handlers: { POST: only(ROLES, postSignIn(deps)) },
      access: 'caller',
    },
    {
      name: 'pageSignOut',
      path: 'page/sign-out',
      handlers: { POST: only(ROLES, postSignOut()) },
      access: 'page',
    },
    ...api
      .filter(({ name }) => ASKED.includes(name))
      .map((route): Route => ({
        ...route,
        name: `page${route.name.charAt(0).toUpperCase()}${route.name.slice(1)}`,
        path: `page/${route.path}`,
        access: 'page',
      })),
  ];
}
