package language

// germanPeople has the German sentences of people and roles.
func germanPeople() map[string]string {
	return map[string]string{
		"The role holds in": "Die Rolle gilt in",
		"Your labels have too many organizations to list their cases together. Open those of one.": "" +
			"Ihre Labels haben zu viele Organisationen, um deren Fälle zusammen aufzulisten. Öffnen Sie die einer Organisation.",
		"Last log-in":                    "Letzte Anmeldung",
		"label %s":                       "Label %s",
		"Some organizations":             "einigen Organisationen",
		"all organizations":              "alle Organisationen",
		"All organizations of the MSP":   "allen Organisationen des MSP",
		"The organizations with a label": "den Organisationen mit einem Label",
		"The MSP has too many organizations to list here: choose a label, or invite the person on the page of the organization.": "" +
			"Der MSP hat zu viele Organisationen, um sie hier aufzuzählen: Wählen Sie ein Label, oder laden Sie die Person " +
			"auf der Seite der Organisation ein.",
		"Invite somebody to %s":                   "Jemanden zu %s einladen",
		"People of %s":                            "Personen von %s",
		"No invitation was sent":                  "Es wurde keine Einladung gesendet",
		"The invitation was revoked.":             "Die Einladung wurde zurückgezogen.",
		"Mail does not arrive":                    "Mails kommen nicht an",
		"Invited":                                 "Eingeladen",
		"Invite somebody":                         "Jemanden einladen",
		"Role":                                    "Rolle",
		"Nobody matches":                          "Niemand passt",
		"Show everybody":                          "Alle anzeigen",
		"Send again":                              "Noch einmal senden",
		"the invitation to %s":                    "Einladung an %s",
		"Revoke":                                  "Zurückziehen",
		"Hours to accept it":                      "Stunden zum Annehmen",
		"1 to 168":                                "1 bis 168",
		"Send the invitation":                     "Einladung senden",
		"everything, and the people":              "alles, auch die Personen",
		"changes everything but the people":       "ändert alles außer den Personen",
		"works on cases":                          "bearbeitet Fälle",
		"sees everything and changes nothing":     "sieht alles und ändert nichts",
		"installs devices":                        "installiert Geräte",
		"runs the platform":                       "betreibt die Plattform",
		"works on cases where customers allow it": "bearbeitet Fälle, wo Kunden es erlauben",
		"Account since":                           "Konto seit",
		"Role in %s":                              "Rolle in %s",
		"Save the role":                           "Rolle speichern",
		"Access":                                  "Zugang",
		"End all sessions":                        "Alle Sitzungen beenden",
		"Remove from %s…":                         "Aus %s entfernen…",
		"Remove %s":                               "%s entfernen",
		"%[1]s is %[2]s now.":                     "%[1]s ist jetzt %[2]s.",
		"Remove %[1]s from %[2]s?":                "%[1]s aus %[2]s entfernen?",
		"%[1]s has no role in %[2]s any more.":    "%[1]s hat keine Rolle in %[2]s mehr.",
		"The invitation to %s was sent again. The link in the former mail no longer works.": "" +
			"Die Einladung an %s wurde noch einmal gesendet. Der Link der vorigen Mail gilt nicht mehr.",
		"Try a part of the name, or another role.": "" +
			"Versuchen Sie einen Teil des Namens oder eine andere Rolle.",
		"If a device is lost or a password is known to others, end all sessions and API tokens. The " +
			"person logs in again with the password.": "" +
			"Wenn ein Gerät verloren ist oder andere ein Passwort kennen, beenden Sie alle Sitzungen und " +
			"API-Token. Die Person meldet sich mit dem Passwort wieder an.",
		"Ends: the role %[1]s, and the sessions and API tokens if no other role is left.": "" +
			"Endet: die Rolle %[1]s und, wenn keine andere Rolle bleibt, die Sitzungen und API-Token.",
		"Stays: the account, and what the person wrote.": "" +
			"Bleibt: das Konto und was die Person geschrieben hat.",
		"All sessions and API tokens of the person have ended.": "" +
			"Alle Sitzungen und API-Token der Person wurden beendet.",
	}
}
