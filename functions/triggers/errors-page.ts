import { ERRORS_PAGE_POLICY, renderErrorsPage } from '../../shared/report/errors-page.ts';
import { page, type Handler } from './http.ts';

/** `GET /docs/errors`: what each code means. Anybody may read it, as whoever got an error may have no key; it holds nothing of this app. */
export function getErrorsPage(): Handler {
  let html: string | undefined;
  return () => Promise.resolve(page((html ??= renderErrorsPage()), ERRORS_PAGE_POLICY));
}
