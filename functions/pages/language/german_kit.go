package language

// germanKit has the German sentences around every page.
func germanKit() map[string]string {
	return map[string]string{
		"Choose at most %s files.":                               "Wählen Sie höchstens %s Dateien.",
		"The last day must be from today to two years from now.": "Der letzte Tag muss zwischen heute und in zwei Jahren liegen.",
		"The last day must be today or later.":                   "Der letzte Tag darf nicht vor heute liegen.",
		"Enter GiB of storage from 0, for the limit of the platform, to %s.": "Geben Sie GiB Speicher von 0, für das Limit der " +
			"Plattform, bis %s ein.",
		"Choose a role.":     "Wählen Sie eine Rolle.",
		"People of the desk": "Personen am Desk",
		"These files have more than %d MiB together. Choose fewer or smaller ones.": "" +
			"Diese Dateien haben zusammen mehr als %d MiB. Wählen Sie weniger oder kleinere.",
		"Error: %s":                    "Fehler: %s",
		"This link does not work":      "Dieser Link funktioniert nicht",
		"Page not found":               "Seite nicht gefunden",
		"You are logged out":           "Sie sind abgemeldet",
		"Too many attempts":            "Zu viele Versuche",
		"Too large":                    "Zu groß",
		"No space left":                "Kein Speicherplatz mehr",
		"Something went wrong":         "Etwas ist schiefgegangen",
		"This did not work":            "Das hat nicht funktioniert",
		"As a table":                   "Als Tabelle",
		"Cancel":                       "Abbrechen",
		"Log in to go on":              "Anmelden und fortfahren",
		"You are logged in again":      "Sie sind wieder angemeldet",
		"Go on":                        "Fortfahren",
		"none":                         "keine",
		"Active filters":               "Aktive Filter",
		"Remove filter":                "Filter entfernen",
		"Clear all":                    "Alle entfernen",
		"Pages":                        "Seiten",
		"Previous":                     "Zurück",
		"First page":                   "Erste Seite",
		"Page %d":                      "Seite %d",
		"Next":                         "Weiter",
		"Select all on this page":      "Alle auf dieser Seite auswählen",
		"Select %s":                    "%s auswählen",
		"With the selected rows":       "Mit den ausgewählten Zeilen",
		"selected":                     "ausgewählt",
		"Copied":                       "Kopiert",
		"Copy":                         "Kopieren",
		"Skip to the content":          "Zum Inhalt springen",
		"Menu":                         "Menü",
		"Guide for this page":          "Hilfe zu dieser Seite",
		"Account menu":                 "Kontomenü",
		"API documentation":            "API-Dokumentation",
		"Log out":                      "Abmelden",
		"Go to an organization or MSP": "Zu einer Organisation oder einem MSP",
		"Its MSP":                      "Ihr MSP",
		"All your places":              "Alle Ihre Bereiche",
		"Where you are":                "Wo Sie sind",
		"Times are in %s.":             "Zeiten in %s.",
		"API":                          "API",
		"Request ID:":                  "Anfrage-ID:",
		"Go to the home page":          "Zur Startseite",
		"This page does not exist, or you are not allowed to see it.": "" +
			"Diese Seite gibt es nicht, oder Sie dürfen sie nicht sehen.",
		"Your session has ended. Log in to go on.": "" +
			"Ihre Sitzung ist beendet. Melden Sie sich an, um fortzufahren.",
		"Your session has ended. Log in, and what you typed comes back, to be sent.": "" +
			"Ihre Sitzung ist beendet. Melden Sie sich an; Ihre Eingabe kommt dann zurück und kann gesendet werden.",
		"What you typed is here. Check it and send it. Files must be chosen again.": "" +
			"Hier ist Ihre Eingabe. Prüfen und senden Sie sie. Dateien müssen Sie neu auswählen.",
		"What you are about to do needs your password, because it is more than 15 minutes since you gave it.": "" +
			"Für diesen Schritt brauchen wir Ihr Passwort, weil Sie es vor mehr als 15 Minuten eingegeben haben.",
		"The list has changed since. This is its first page.": "" +
			"Die Liste hat sich inzwischen geändert. Das ist ihre erste Seite.",
		"Search for a case, an organization or a person": "" +
			"Einen Fall, eine Organisation oder eine Person suchen",
	}
}
