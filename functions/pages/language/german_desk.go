package language

// germanDesk has the German sentences of the settings of the desk.
func germanDesk() map[string]string {
	return map[string]string{
		"Hints":                               "Hinweise",
		"Hints of %s":                         "Hinweise von %s",
		"The hints were saved.":               "Die Hinweise wurden gespeichert.",
		"The hints were not saved":            "Die Hinweise wurden nicht gespeichert",
		"There are no hints":                  "Es gibt keine Hinweise",
		"Sentence":                            "Satz",
		"Address of the page":                 "Adresse der Seite",
		"Text of the link":                    "Text des Links",
		"The fields of the form stand alone.": "Die Felder stehen für sich.",
		"A hint stands under a field of the form for a new case, with a link to a page that says more.": "" +
			"Ein Hinweis steht unter einem Feld für einen neuen Fall, mit einem Link zu einer Seite, " +
			"die mehr sagt.",
		"Prepared answers of %s":                  "Textbausteine von %s",
		"Prepare an answer":                       "Textbaustein anlegen",
		"The answer was not saved":                "Der Textbaustein wurde nicht gespeichert",
		"The answer %s was prepared.":             "Der Textbaustein %s wurde angelegt.",
		"The answer %s was saved.":                "Der Textbaustein %s wurde gespeichert.",
		"Delete the answer %s?":                   "Textbaustein %s löschen?",
		"Words of the name or the text":           "Wörter aus Name oder Text",
		"No answer has “%s”":                      "Kein Textbaustein enthält „%s“",
		"Try another word.":                       "Versuchen Sie ein anderes Wort.",
		"There are no prepared answers":           "Es gibt keine Textbausteine",
		"What is stored now":                      "Was jetzt gespeichert ist",
		"Saving replaces it with what you typed.": "Beim Speichern wird es durch Ihre Eingabe ersetzt.",
		"These are filled in: %s":                 "Das wird ausgefüllt: %s",
		"Save the answer":                         "Textbaustein speichern",
		"Delete the answer":                       "Textbaustein löschen",
		"Lists of %s":                             "Listen von %s",
		"The list was not saved":                  "Die Liste wurde nicht gespeichert",
		"The list was saved.":                     "Die Liste wurde gespeichert.",
		"Use the default list again: %s?":         "Wieder die Standardliste verwenden: %s?",
		"The list was not changed":                "Die Liste wurde nicht geändert",
		"The list is the default again.":          "Es gilt wieder die Standardliste.",
		"Types of cases":                          "Arten von Fällen",
		"Components":                              "Komponenten",
		"Reasons":                                 "Gründe",
		"Versions":                                "Versionen",
		"Environments":                            "Umgebungen",
		"any short text":                          "beliebiger kurzer Text",
		"Default":                                 "Standard",
		"Customized":                              "Eigene",
		"Settings of the desk":                    "Einstellungen des Supports",
		"List":                                    "Liste",
		"Values":                                  "Werte",
		"Source":                                  "Quelle",
		"There is no list":                        "Es gibt keine Liste",
		"People type any short text.":             "Man gibt einen beliebigen kurzen Text ein.",
		"Use the default list again…":             "Wieder die Standardliste verwenden…",
		"Shown as":                                "Angezeigt als",
		"Value":                                   "Wert",
		"Retired":                                 "Stillgelegt",
		"In the form":                             "Im Formular",
		"Order":                                   "Reihenfolge",
		"A further value":                         "Ein weiterer Wert",
		"Save the list":                           "Liste speichern",
		"New: somebody else added it":             "Neu: Jemand anders hat ihn hinzugefügt",
		"Shown as, instead of %s":                 "Angezeigt als, statt %s",
		"Save, and move %s up":                    "Speichern und %s nach oben verschieben",
		"Save, and move %s down":                  "Speichern und %s nach unten verschieben",
		"Without a list, people type any short text.": "Ohne Liste gibt man einen beliebigen kurzen Text ein.",
		"Use the default list":                        "Standardliste verwenden",
		"Closing and notices":                         "Schließen und Hinweise",
		"Closing and notices of %s":                   "Schließen und Hinweise von %s",
		"Days until a solved case closes":             "Tage, bis ein gelöster Fall geschlossen wird",
		"0 to %d; with 0 it stays solved":             "0 bis %d; bei 0 bleibt er gelöst",
		"Who is told about unassigned cases":          "Wer von Fällen erfährt, die niemand bearbeitet",
		"At most %d people":                           "Höchstens %d Personen",
		"The submitter is asked to rate the help":     "Der Melder wird um eine Bewertung gebeten",
		"yes":                               "ja",
		"no":                                "nein",
		"Service levels of %s":              "Service-Level von %s",
		"The service level was not saved":   "Der Service-Level wurde nicht gespeichert",
		"Remove the service level of %s?":   "Service-Level von %s entfernen?",
		"The service level was not removed": "Der Service-Level wurde nicht entfernt",
		"In force":                          "In Kraft",
		"Remove…":                           "Entfernen…",
		"Nothing promised":                  "Nichts zugesagt",
		"There is no service level":         "Es gibt keinen Service-Level",
		"Cases have no targets.":            "Fälle haben keine Ziele.",
		"Targets":                           "Ziele",
		"Targets by severity":               "Ziele nach Schweregrad",
		"Warning":                           "Warnung",
		"First answer, severity %d":         "Erste Antwort, Schweregrad %d",
		"Warning before the first answer, severity %d": "Warnung vor der ersten Antwort, Schweregrad %d",
		"Solution, severity %d":                        "Lösung, Schweregrad %d",
		"Warning before the solution, severity %d":     "Warnung vor der Lösung, Schweregrad %d",
		"Calendar":                            "Kalender",
		"Its IANA name, as in Europe/Berlin":  "Ihr IANA-Name, zum Beispiel Europe/Berlin",
		"Which time counts":                   "Welche Zeit zählt",
		"Around the clock, every day":         "Rund um die Uhr, an jedem Tag",
		"The hours below, except on holidays": "Die Stunden unten, außer an Feiertagen",
		"Holidays":                            "Feiertage",
		"Save the service level":              "Service-Level speichern",
		"nothing promised":                    "nichts zugesagt",
		"%[1]s, warned at %[2]s":              "%[1]s, Warnung bei %[2]s",
		"%[1]s, warned %[2]s before":          "%[1]s, Warnung %[2]s vorher",
		"closed":                              "geschlossen",
		"Remove the service level":            "Service-Level entfernen",
		"Monday":                              "Montag",
		"Tuesday":                             "Dienstag",
		"Wednesday":                           "Mittwoch",
		"Thursday":                            "Donnerstag",
		"Friday":                              "Freitag",
		"Saturday":                            "Samstag",
		"Sunday":                              "Sonntag",
		"The answer was deleted. Comments that were written with it stay.": "" +
			"Der Textbaustein wurde gelöscht. Kommentare, die damit geschrieben wurden, bleiben.",
		"A prepared answer saves agents from typing the same again. They choose it when they answer a case.": "" +
			"Mit einem Textbaustein müssen Bearbeiter nicht immer wieder dasselbe tippen. Sie wählen ihn, wenn " +
			"sie einen Fall beantworten.",
		"Agents find the answer by it. Customers do not see it.": "" +
			"Daran finden Bearbeiter den Textbaustein. Kunden sehen ihn nicht.",
		"Agents cannot use it any more. Comments that were written with it stay.": "" +
			"Bearbeiter können ihn nicht mehr verwenden. Kommentare, die damit geschrieben wurden, bleiben.",
		"These are the values that people choose from when they open a case.": "" +
			"Aus diesen Werten wählt man, wenn man einen Fall eröffnet.",
		"Nothing has been changed yet. All lists are Tenantry's defaults.": "" +
			"Noch wurde nichts geändert: Alle Listen sind die, die Tenantry mitbringt.",
		"A retired value stays on the cases that have it and cannot be chosen any more. A value can be " +
			"removed while no case has it. An empty list takes any short text, except that there must be a type.": "" +
			"Ein stillgelegter Wert bleibt an den Fällen, die ihn haben, und kann nicht mehr gewählt werden. Ein " +
			"Wert kann entfernt werden, solange kein Fall ihn hat. Eine leere Liste nimmt jeden kurzen Text an; " +
			"eine Art muss es aber geben.",
		"It cannot be changed later, because cases and reports have it.": "" +
			"Er kann später nicht geändert werden, weil Fälle und Berichte ihn haben.",
		"It can be changed at any time. Without it, the value is shown.": "" +
			"Es kann jederzeit geändert werden. Fehlt es, wird der Wert angezeigt.",
		"Days in which a reply reopens a closed case": "" +
			"Tage, in denen eine Antwort einen geschlossenen Fall wieder öffnet",
		"0 to %d; with 0 always. A later reply opens a new case.": "" +
			"0 bis %d; bei 0 immer. Eine spätere Antwort eröffnet einen neuen Fall.",
		"Ask the submitter to rate the help when a case closes": "" +
			"Den Melder um eine Bewertung bitten, wenn ein Fall geschlossen wird",
		"Nobody works on cases here yet. Invite agents to choose who is told of new cases.": "" +
			"Hier bearbeitet noch niemand Fälle. Laden Sie Bearbeiter ein, um zu wählen, wer von neuen Fällen " +
			"erfährt.",
		"The service level was saved. It applies from now on, also to open cases.": "" +
			"Der Service-Level wurde gespeichert. Er gilt ab jetzt, auch für offene Fälle.",
		"The service level was removed. New cases have no targets.": "" +
			"Der Service-Level wurde entfernt. Neue Fälle haben keine Ziele.",
		"There is no service level yet. The values below are a proposal. They apply once you save them.": "" +
			"Es gibt noch keinen Service-Level. Was hier steht, ist ein Vorschlag; er gilt, sobald Sie ihn " +
			"speichern.",
		"Give times in the hours below, as in 30m, 4h or 1h 30m. Leave a field empty to promise nothing." +
			" A warning comes at a share of the time, as in 75%%, or a time before its end, as in 30m.": "" +
			"Zeiten zählen in den Stunden unten: 30m, 4h oder 1h 30m; leer heißt nichts zugesagt. Gewarnt wird " +
			"nach einem Anteil der Zeit, etwa 75%%, oder eine Zeit vor ihrem Ende, etwa 30m.",
		"Hours as in 09:00-12:00, 13:00-17:30. A day without any is closed. Enter hours over midnight on" +
			" both days, up to 24:00 and from 00:00.": "" +
			"Stunden wie 09:00-12:00, 13:00-17:30. Ein Tag ohne Stunden ist geschlossen. Stunden über " +
			"Mitternacht stehen an beiden Tagen: bis 24:00 und ab 00:00.",
		"One per line: the date and its name, as in 2026-04-06 Easter Monday, or 12-25 Christmas for " +
			"every year.": "" +
			"Einer pro Zeile: der Tag und sein Name, zum Beispiel 2026-04-06 Ostermontag, oder 12-25 Weihnachten " +
			"für jedes Jahr.",
		"New cases have no targets any more, and nobody is warned of them. Cases that are open keep the " +
			"targets that they have.": "" +
			"Neue Fälle haben keine Ziele mehr, und niemand wird gewarnt. Offene Fälle behalten ihre Ziele.",
	}
}
