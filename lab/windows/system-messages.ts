import type { WindowsError } from './machine/errors.ts';

/** What Windows says in German of its own errors (FormatMessage), by code. */
const GERMAN: Readonly<Record<number, string>> = {
  2: 'Das System kann die angegebene Datei nicht finden',
  3: 'Das System kann den angegebenen Pfad nicht finden',
  5: 'Zugriff verweigert',
  19: 'Das Medium ist schreibgeschützt',
  21: 'Das Gerät ist nicht bereit',
  32: 'Der Prozess kann nicht auf die Datei zugreifen, da sie von einem anderen Prozess verwendet wird',
  87: 'Falscher Parameter',
  112: 'Es steht nicht genug Speicherplatz auf dem Datenträger zur Verfügung',
  170: 'Die angeforderte Ressource wird bereits verwendet',
  1005: 'Das Volume beinhaltet kein bekanntes Dateisystem',
  1051: 'Ein Steuerungsbefehl zum Beenden wurde an einen Dienst gesendet, von dem andere, ausgeführte Dienste abhängig sind',
  1052: 'Der angeforderte Steuerungsbefehl ist für diesen Dienst ungültig',
  1058: 'Der angegebene Dienst kann nicht gestartet werden. Er ist deaktiviert',
  1060: 'Der angegebene Dienst ist kein installierter Dienst',
  1068: 'Der Abhängigkeitsdienst oder die Abhängigkeitsgruppe konnte nicht gestartet werden',
  1069: 'Der Dienst konnte wegen einer fehlerhaften Anmeldung nicht gestartet werden',
};

/** The text of an error as a Windows of that language has it; the lab's own words in English. */
export function systemMessage({ code, message }: WindowsError, culture: string): string {
  if (!culture.startsWith('de')) return message;
  return GERMAN[code] ?? `Fehler: ${String(code)} (${message})`;
}
