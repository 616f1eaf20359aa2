package language

// germanSetting has the German sentences of the settings of an organization, and of those like another.
func germanSetting() map[string]string {
	return map[string]string{
		"Can I lock myself out?":              "Kann ich mich aussperren?",
		"For whom is the rule for passwords?": "Für wen gilt die Regel für Passwörter?",
		"No. The networks are for API tokens only, and whoever has an old password sets a new one in their account.": "" +
			"Nein. Die Netze gelten nur für API-Token, und wer ein altes Passwort hat, setzt in seinem Konto ein neues.",
		"For everybody with a role in the organization itself, when they set a password the next time. The provider's people keep the rules of the platform.": "" +
			"Für alle mit einer Rolle in der Organisation selbst, wenn sie das nächste Mal ein Passwort setzen. Für die Personen " +
			"des Anbieters gelten die Regeln der Plattform.",
		"Contact":                                       "Kontakt",
		"Contact and security":                          "Kontakt und Sicherheit",
		"Contact and security of %s":                    "Kontakt und Sicherheit von %s",
		"Change contact and security":                   "Kontakt und Sicherheit ändern",
		"Account number":                                "Kundennummer",
		"Name of the contact":                           "Name des Kontakts",
		"E-mail addresses":                              "E-Mail-Adressen",
		"Up to 10, one per line.":                       "Bis zu 10, eine je Zeile.",
		"Passwords":                                     "Passwörter",
		"Sessions and API tokens":                       "Sitzungen und API-Token",
		"Characters at least":                           "Zeichen mindestens",
		"12 to 128":                                     "12 bis 128",
		"1 to 365":                                      "1 bis 365",
		"Days until a new one is needed":                "Tage, bis ein neues nötig ist",
		"A special character is needed":                 "Ein Sonderzeichen ist nötig",
		"Create an organization like it":                "Organisation wie diese anlegen",
		"Like %s":                                       "Wie %s",
		"Without a template":                            "Ohne Vorlage",
		"Ask for more than the platform does":           "Mehr verlangen als die Plattform",
		"Passwords, sessions and API tokens":            "Passwörter, Sitzungen und API-Token",
		"Template: part of the name of an organization": "Vorlage: Teil des Namens einer Organisation",
		"The number under which the provider's books have the customer.": "Die Nummer, unter der der Anbieter den Kunden in seinen Büchern führt.",
		"For the organization's own people, when they set a password the next time.": "" +
			"Für die eigenen Personen der Organisation, wenn sie das nächste Mal ein Passwort setzen.",
		"Minutes without use until people log in again": "Minuten ohne Benutzung bis zur neuen Anmeldung",
		"Up to 480, and to within five minutes":         "Bis zu 480, auf fünf Minuten genau",
		"Up to 10 addresses or networks, one per line. API tokens act in the organization only from there; people who log in are not concerned.": "" +
			"Bis zu 10 Adressen oder Netze, eine Angabe je Zeile. API-Token wirken in der Organisation nur von dort aus; " +
			"wer sich anmeldet, ist nicht betroffen.",
		"It gets the settings, the length of sessions and the labels; no people, cases, consents or contact.": "" +
			"Sie bekommt die Einstellungen, die Dauer der Sitzungen und die Labels; keine Personen, Fälle, Zustimmungen und " +
			"keinen Kontakt.",
	}
}
