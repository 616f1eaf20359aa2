package wording

import "maps"

// german has the German sentences by their English keys.
func german() map[string]string {
	all := germanAccount()
	maps.Copy(all, germanCase())
	maps.Copy(all, germanFields())
	maps.Copy(all, germanMove())
	return all
}

// germanCase has the German sentences of mails about cases.
func germanCase() map[string]string {
	return map[string]string{
		"%s wrote (internal note):":    "%s schrieb (interne Notiz):",
		"%s wrote:":                    "%s schrieb:",
		"and %d more":                  "und %d weitere",
		"Files:":                       "Dateien:",
		"%[1]s: was %[2]s → now %[3]s": "%[1]s: war %[2]s → jetzt %[3]s",
		"The text is longer than what is sent by mail.": "Der Text ist länger als das, was per Mail gesendet wird.",
		"The text is longer. Open the case to read all of it.": "" +
			"Der Text ist länger. Öffnen Sie den Fall, um alles zu lesen.",
		"Open the case":         "Fall öffnen",
		"Open the organization": "Organisation öffnen",
		"Rate our help":         "Unsere Hilfe bewerten",
		"Was our help good? Your answer takes a moment and needs no log-in.": "" +
			"War unsere Hilfe gut? Ihre Antwort dauert nur einen Moment, ganz ohne Anmeldung.",
		"[Case %s] Nobody can be notified": "[Case %s] Niemand kann benachrichtigt werden",
		"%s (support)":                     "%s (Support)",
		"%s (customer)":                    "%s (Kunde)",
		"Case %[1]s of %[2]s has news, and nobody who works on its cases can be notified": "" +
			"In Fall %[1]s von %[2]s gibt es Neues, und niemand, der die Fälle bearbeitet, kann " +
			"benachrichtigt werden",
		"We have your request as case %s. You will hear from us.": "" +
			"Ihre Anfrage ist bei uns als Fall %s. Sie hören von uns.",
		"%[1]s wrote an internal note on case %[2]s":    "%[1]s hat eine interne Notiz zu Fall %[2]s geschrieben",
		"%[1]s opened case %[2]s":                       "%[1]s hat Fall %[2]s eröffnet",
		"%[1]s answered case %[2]s":                     "%[1]s hat auf Fall %[2]s geantwortet",
		"%[1]s attached %[2]s to case %[3]s":            "%[1]s hat %[2]s an Fall %[3]s angehängt",
		"Case %s is closed":                             "Fall %s ist geschlossen",
		"Case %[1]s: %[2]s":                             "Fall %[1]s: %[2]s",
		"Case %s needs an assignee":                     "Fall %s braucht jemanden, der ihn bearbeitet",
		"%[1]s changed case %[2]s: %[3]s":               "%[1]s hat Fall %[2]s geändert: %[3]s",
		"%[1]s changed case %[2]s":                      "%[1]s hat Fall %[2]s geändert",
		"The time for the first answer has passed.":     "Die Zeit für die erste Antwort ist abgelaufen.",
		"The time for the solution has passed.":         "Die Zeit für die Lösung ist abgelaufen.",
		"The time for the first answer is running out.": "Die Zeit für die erste Antwort läuft ab.",
		"The time for the solution is running out.":     "Die Zeit für die Lösung läuft ab.",
		"No agent, desk member or super user who may see the case can be reached. Check what the " +
			"organization consents to, who works for the provider, and whether mail reaches them.": "" +
			"Niemand vom Support, der den Fall sehen darf, ist erreichbar. Prüfen Sie, wozu die " +
			"Organisation eingewilligt hat, wer beim Dienstleister arbeitet, und ob Mails dort ankommen.",
		"To get no more of these mails, answer and ask for your address to be removed from the case.": "" +
			"Wenn Sie keine solchen Mails mehr möchten, antworten Sie und bitten Sie darum, Ihre Adresse " +
			"aus dem Fall zu entfernen.",
		"These mails cannot be turned off: they come at most once an hour about a case.": "" +
			"Diese Mails lassen sich nicht abschalten: Zu einem Fall kommen sie höchstens einmal in der " +
			"Stunde.",
		"Stop watching this case":    "Diesen Fall nicht mehr beobachten",
		"Choose which mails you get": "Auswählen, welche Mails Sie bekommen",
		"You get this mail because you are the submitter of the case.": "" +
			"Sie bekommen diese Mail, weil Sie den Fall gemeldet haben.",
		"You get this mail because the case is assigned to you.": "" +
			"Sie bekommen diese Mail, weil Ihnen der Fall zugewiesen ist.",
		"You get this mail because you watch the case.": "Sie bekommen diese Mail, weil Sie den Fall beobachten.",
		"You get this mail because your address was added to the case.": "" +
			"Sie bekommen diese Mail, weil Ihre Adresse in den Fall aufgenommen wurde.",
		"You get this mail because nobody who can be reached is assigned to the case, and you are on " +
			"the support desk or in charge of it.": "" +
			"Sie bekommen diese Mail, weil der Fall niemandem zugewiesen ist, der erreichbar ist, und " +
			"Sie zum Support gehören oder dafür verantwortlich sind.",
		"You get this mail because you are an operator of the platform.": "" +
			"Sie bekommen diese Mail, weil Sie die Plattform betreiben.",
		"This mail is from the portal at %s.":             "Diese Mail ist vom Portal unter %s.",
		"%[1]s looks after %[2]s in the portal at %[3]s.": "%[1]s betreut %[2]s im Portal unter %[3]s.",
	}
}

// germanFields has the names of the fields of a case, and of some values.
func germanFields() map[string]string {
	return map[string]string{
		"Case":         "Fall",
		"Organization": "Organisation",
		"Subject":      "Betreff",
		"Type":         "Art",
		"Component":    "Komponente",
		"Reason":       "Grund",
		"Version":      "Version",
		"Severity":     "Schweregrad",
		"Environment":  "Umgebung",
		"Custom tag":   "Eigenes Schlagwort",
		"Status":       "Status",
		"Assignee":     "Zugewiesen an",
		"Archived":     "Archiviert",
		"Deleted":      "Gelöscht",
		"Comes back":   "Wiedervorlage",
		"Merged into":  "Zusammengeführt mit",
		"Links":        "Verknüpfungen",
		"In copy":      "In Kopie",
		"Watchers":     "Beobachter",
		"none":         "nichts",
		"yes":          "ja",
		"no":           "nein",
	}
}
