/** App settings as the bindings of a function refer to them: from the environment, the storage from the host. */
export interface AppSettings {
  get: (name: string) => string | undefined;
  /** Replaces each `%NAME%`; undefined when one of them is not set. */
  expand: (text: string) => string | undefined;
  /** The storage connection string behind a binding's `connection`; undefined when it is not set. */
  connection: (name: string | undefined) => string | undefined;
}

const SETTING = /%([^%]+)%/g;
const STORAGE = 'AzureWebJobsStorage';

/** @param storageConnection what `AzureWebJobsStorage` stands for in this host */
export function createAppSettings(storageConnection: string): AppSettings {
  const get = (name: string): string | undefined =>
    name === STORAGE ? storageConnection : process.env[name];
  return {
    get,
    expand(text) {
      const names = [...text.matchAll(SETTING)].map(([, name = '']) => name);
      if (names.some((name) => get(name) === undefined)) return undefined;
      return text.replace(SETTING, (_match, name: string) => get(name) ?? '');
    },
    // The real host also accepts a connection given without its prefix.
    connection(name = STORAGE) {
      return get(name) ?? get(`AzureWebJobs${name}`);
    },
  };
}
