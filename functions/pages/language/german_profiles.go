package language

// germanProfiles are the sentences of operator profiles.
func germanProfiles() map[string]string {
	return map[string]string{
		"10 to 3600. How long a time statistics sum up.": "10 bis 3600. Welche Zeit die Statistik zusammenfasst.",
		"10 to 600. Two missed heartbeats mean that a device is down.": "" +
			"10 bis 600. Bleiben zwei aus, gilt ein Gerät als ausgefallen.",
		"60 to 86400.": "60 bis 86400.",
		"A profile says which software the devices of organizations run, and how they report. It is assigned to many at once.": "" +
			"Ein Profil sagt, welche Software die Geräte von Organisationen haben und wie sie sich melden. Es wird vielen auf einmal zugewiesen.",
		"Address that devices report to": "Adresse, an die sich Geräte melden",
		"Application map":                "Anwendungsliste",
		"Begins with https://. Without one, devices report to this installation.": "" +
			"Beginnt mit https://. Ohne Adresse melden sich Geräte bei dieser Installation.",
		"and %d more":                     "und %d weitere",
		"By load":                         "Nach Last",
		"Create a profile":                "Profil anlegen",
		"Create the profile":              "Profil anlegen",
		"Delete the profile":              "Profil löschen",
		"Duplicate":                       "Duplizieren",
		"Gateways":                        "Gateways",
		"Heartbeat in seconds":            "Lebenszeichen in Sekunden",
		"How many organizations have it?": "Wie viele Organisationen haben es?",
		"Image":                           "Software",
		"Make it the default":             "Zum Standard machen",
		"Name of the new profile":         "Name des neuen Profils",
		"Names of gateways":               "Namen der Gateways",
		"None. Assign it on a list of organizations, where image management is on.": "" +
			"Keine. Weisen Sie es in einer Liste von Organisationen zu, deren Softwarewahl eingeschaltet ist.",
		"One a line, only where they are not chosen by load.": "Einer je Zeile, nur wo sie nicht nach Last gewählt werden.",
		"Operator profile":                             "Betreiberprofil",
		"Operator profiles":                            "Betreiberprofile",
		"Organizations with it":                        "Organisationen damit",
		"Profile":                                      "Profil",
		"Remove it from all":                           "Bei allen entfernen",
		"Statistics every … seconds":                   "Statistik alle … Sekunden",
		"The name of the software that devices run.":   "Der Name der Software der Geräte.",
		"The named ones":                               "Die genannten",
		"The profile %s was created.":                  "Das Profil %s wurde angelegt.",
		"The profile was deleted.":                     "Das Profil wurde gelöscht.",
		"The profile was not changed":                  "Das Profil wurde nicht geändert",
		"The profile was not created":                  "Das Profil wurde nicht angelegt",
		"The profile was not deleted":                  "Das Profil wurde nicht gelöscht",
		"The profile was saved.":                       "Das Profil wurde gespeichert.",
		"There are no profiles yet":                    "Es gibt noch keine Profile",
		"There are no profiles yet. Create one first.": "Es gibt noch keine Profile. Legen Sie zuerst eines an.",
		"Time slice in seconds":                        "Zeitscheibe in Sekunden",
		"Type %d to remove it. Deleted organizations keep it.": "" +
			"Geben Sie %d ein, um es zu entfernen. Gelöschte Organisationen behalten es.",
	}
}
