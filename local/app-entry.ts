import { extname, join } from 'node:path';
import { PACKAGE_ROOT } from '../shared/package-root.ts';

/** The app's entry module: the sources in a checkout, what was built in an installed package, where Node strips no types. */
export const APP_ENTRY = join(
  PACKAGE_ROOT,
  extname(import.meta.filename) === '.ts' ? 'functions/index.ts' : 'dist/functions/index.js',
);

export const HOST_JSON = join(PACKAGE_ROOT, 'host.json');
