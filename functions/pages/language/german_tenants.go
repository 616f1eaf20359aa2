package language

// germanTenants has the German sentences of MSPs, organizations and consents.
func germanTenants() map[string]string {
	return map[string]string{
		"What %s allows its provider":         "Was %s dem Anbieter erlaubt",
		"the MSP":                             "der MSP",
		"the platform's operator and support": "der Betreiber der Plattform mit seinem Support",
		"May %s see and work on your cases?":  "Darf %s Ihre Fälle sehen und bearbeiten?",
		"May %s manage your administrators?":  "Darf %s Ihre Administratoren verwalten?",
		"Allowed":                             "Erlaubt",
		"Decided by":                          "Entschieden von",
		"Until":                               "Bis",
		"%s asks for it":                      "%s bittet darum",
		"Withdraw":                            "Widerrufen",
		"Allow":                               "Erlauben",
		"Give it up":                          "Abgeben",
		"Why you need it":                     "Wofür Sie es brauchen",
		"Ask for it":                          "Darum bitten",
		"Create an MSP":                       "MSP anlegen",
		"The MSP was not created":             "Der MSP wurde nicht angelegt",
		"%s was created.":                     "%s wurde angelegt.",
		"Invite its first administrator":      "Ersten Administrator einladen",
		"Organizations of %s":                 "Organisationen von %s",
		"Create an organization":              "Organisation anlegen",
		"The customer's name, as its people know it.": "Der Name des Kunden, wie seine Leute ihn kennen.",
		"The organization was not created":            "Die Organisation wurde nicht angelegt",
		"Settings of %s":                              "Einstellungen von %s",
		"The limits were saved.":                      "Die Grenzen wurden gespeichert.",
		"Recent cases":                                "Neueste Fälle",
		"There are no open cases.":                    "Es gibt keine offenen Fälle.",
		"Storage":                                     "Speicher",
		"Today %[1]s of %[2]s":                        "Heute %[1]s von %[2]s",
		"opened":                                      "eröffnet",
		"changed":                                     "geändert",
		"Part of the name":                            "Teil des Namens",
		"There are none yet":                          "Es gibt noch keine",
		"General":                                     "Allgemein",
		"Minutes until people log in again":           "Minuten, bis man sich neu anmelden muss",
		"GiB in all":                                  "GiB insgesamt",
		"0 for the limit of the platform":             "0 für die Grenze der Plattform",
		"GiB a day":                                   "GiB am Tag",
		"Save the limits":                             "Grenzen speichern",
		"Its customers and their mails show this name.": "Seine Kunden und deren Mails zeigen diesen Namen.",
		"Your decision was saved. The other administrators are told by mail if they want such mails.": "" +
			"Ihre Entscheidung wurde gespeichert. Die anderen Administratoren erfahren es per Mail, wenn sie " +
			"solche Mails wünschen.",
		"The own administrators of %s were asked by mail.": "" +
			"Die eigenen Administratoren von %s wurden per Mail gefragt.",
		"May %s see the names and addresses of your people?": "" +
			"Darf %s Namen und Adressen Ihrer Personen sehen?",
		"Only administrators of the organization itself decide. The provider can ask, and give up what " +
			"it has.": "" +
			"Nur Administratoren der Organisation selbst entscheiden. Der Anbieter kann bitten und abgeben, was " +
			"er hat.",
		"The cases are not available now. Try again in a minute.": "" +
			"Die Fälle sind gerade nicht verfügbar. Versuchen Sie es in einer Minute noch einmal.",
		"Customers of a provider are organizations; a provider for others is an MSP.": "" +
			"Kunden eines Anbieters sind Organisationen; ein Anbieter für andere ist ein MSP.",
		"10 to 20160. A session that is older cannot be used in this organization.": "" +
			"10 bis 20160. Eine ältere Sitzung kann in dieser Organisation nicht verwendet werden.",
	}
}
