/** What Windows' programs print, in the language of the system: nothing a script could lean on. */
export interface Wording {
  excludedPorts: string;
  startAndEndPort: string;
  administered: string;
  filesProcessed: (done: number, failed: number) => string;
  fileProcessed: (path: string) => string;
  nowOwned: (path: string) => string;
  accessDenied: string;
  notFound: string;
  updatingPolicy: string;
  policyUpdated: string;
  policyFailed: string;
  policyAsks: string;
  commandNotFound: (name: string) => string;
}

const ENGLISH: Wording = {
  excludedPorts: 'Protocol tcp Port Exclusion Ranges',
  startAndEndPort: 'Start Port    End Port',
  administered: '* - Administered port exclusions.',
  filesProcessed: (done, failed) =>
    `Successfully processed ${String(done)} files; Failed processing ${String(failed)} files`,
  fileProcessed: (path) => `processed file: ${path}`,
  nowOwned: (path) => `SUCCESS: The file (or folder): "${path}" now owned by the administrators group.`,
  accessDenied: 'Access is denied.',
  notFound: 'The system cannot find the file specified.',
  updatingPolicy: 'Updating policy...',
  policyUpdated: 'Computer Policy update has completed successfully.',
  policyFailed: 'Computer policy could not be updated successfully.',
  policyAsks: 'OK to restart? (Y/N)',
  commandNotFound: (name) => `The term '${name}' is not recognized as the name of a cmdlet.`,
};

const GERMAN: Wording = {
  excludedPorts: 'Protokoll tcp Portausschlussbereiche',
  startAndEndPort: 'Startport     Endport',
  administered: '* - Verwaltete Portausschlüsse.',
  filesProcessed: (done, failed) =>
    `${String(done)} Dateien erfolgreich verarbeitet, bei ${String(failed)} Dateien ist ein Verarbeitungsfehler aufgetreten.`,
  fileProcessed: (path) => `Bearbeitete Datei: ${path}`,
  nowOwned: (path) =>
    `ERFOLGREICH: Die Datei (oder der Ordner): "${path}" gehört nun der Administratorengruppe.`,
  accessDenied: 'Zugriff verweigert',
  notFound: 'Das System kann die angegebene Datei nicht finden.',
  updatingPolicy: 'Die Richtlinie wird aktualisiert...',
  policyUpdated: 'Die Aktualisierung der Computerrichtlinie wurde erfolgreich abgeschlossen.',
  policyFailed: 'Die Computerrichtlinie konnte nicht erfolgreich aktualisiert werden.',
  policyAsks: 'Neu starten? (J/N)',
  commandNotFound: (name) => `Die Benennung "${name}" wurde nicht als Name eines Cmdlet erkannt.`,
};

/** By the system's culture, `de-DE`. */
export function wording(culture: string): Wording {
  return culture.startsWith('de') ? GERMAN : ENGLISH;
}
