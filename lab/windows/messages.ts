type Text = readonly [english: string, german: string];

/** Texts of the events the lab writes, in the languages its guests have. `{}` stands for the detail. */
const EVENT_TEXTS: Record<number, Text> = {
  50: [
    'The RDP protocol component X.224 detected an error in the protocol stream.',
    'Die RDP-Protokollkomponente X.224 hat einen Fehler im Protokolldatenstrom festgestellt.',
  ],
  1051: [
    'The certificate bound to the listener cannot be used; the default certificate is used instead.',
    'Das an den Listener gebundene Zertifikat ist nicht verwendbar; stattdessen wird das Standardzertifikat benutzt.',
  ],
  1056: [
    'A new self-signed certificate was made for the server: {}.',
    'Für den Server wurde ein neues selbstsigniertes Zertifikat erstellt: {}.',
  ],
  1057: [
    'A new self-signed certificate could not be made. Status: {}',
    'Ein neues selbstsigniertes Zertifikat konnte nicht erstellt werden. Status: {}',
  ],
  1058: [
    'The expired self-signed certificate could not be replaced.',
    'Das abgelaufene selbstsignierte Zertifikat konnte nicht ersetzt werden.',
  ],
  1128: [
    'The Remote Desktop licensing grace period has expired, and no license server is specified.',
    'Die Toleranzperiode der Remotedesktoplizenzierung ist abgelaufen, und es ist kein Lizenzserver angegeben.',
  ],
  1129: [
    'The processing of Group Policy failed because of lack of network connectivity to a domain controller.',
    'Fehler bei der Verarbeitung der Gruppenrichtlinie, weil keine Netzwerkverbindung zu einem Domänencontroller besteht.',
  ],
  4625: ['An account failed to log on.', 'Fehler beim Anmelden eines Kontos.'],
  7000: ['The service failed to start: {}', 'Der Dienst wurde nicht gestartet: {}'],
  36870: [
    'A fatal error occurred when attempting to access the TLS server credential private key.',
    'Schwerwiegender Fehler beim Zugriff auf den privaten Schlüssel der TLS-Serveranmeldeinformationen.',
  ],
  36871: [
    'A fatal error occurred while creating a TLS server credential.',
    'Schwerwiegender Fehler beim Erstellen der TLS-Serveranmeldeinformationen.',
  ],
  36874: [
    'A TLS connection was requested, but none of the cipher suites of the client is supported.',
    'Eine TLS-Verbindung wurde angefordert, aber keine der Verschlüsselungssammlungen des Clients wird unterstützt.',
  ],
};

/** Status texts as they stand inside events. */
const STATUS_TEXTS = {
  accessDenied: ['Access is denied.', 'Zugriff verweigert'],
  noKeyset: ['Keyset does not exist.', 'Der Schlüsselsatz ist nicht vorhanden.'],
  noFile: [
    'The system cannot find the file specified.',
    'Das System kann die angegebene Datei nicht finden.',
  ],
  diskFull: [
    'There is not enough space on the disk.',
    'Es steht nicht genug Speicherplatz auf dem Datenträger zur Verfügung.',
  ],
  noService: [
    'The dependency service or group failed to start.',
    'Der Abhängigkeitsdienst oder die Abhängigkeitsgruppe konnte nicht gestartet werden.',
  ],
} as const satisfies Record<string, Text>;

export type Status = keyof typeof STATUS_TEXTS;

function inLanguage([english, german]: Text, culture: string): string {
  return culture === 'de-DE' ? german : english;
}

export function eventText(id: number, culture: string, detail = ''): string {
  return inLanguage(EVENT_TEXTS[id] ?? [`Event ${String(id)}`, `Ereignis ${String(id)}`], culture).replace(
    '{}',
    detail,
  );
}

export function statusText(status: Status, culture: string): string {
  return inLanguage(STATUS_TEXTS[status], culture);
}
