package language

// germanHealth has the German sentences of the health of the platform.
func germanHealth() map[string]string {
	return map[string]string{
		"Mails of the last 30 days": "Mails der letzten 30 Tage",
		"Taken into cases":          "In Fälle aufgenommen",
		"Sent":                      "Gesendet",
		"Quarantined":               "In Quarantäne",
		"Not delivered":             "Nicht zugestellt",
		"Mails":                     "Mails",
		"mails to be sent":          "zu sendende Mails",
		"mails that came in":        "eingegangene Mails",
		"changed cases and organizations to be indexed": "zu indizierende geänderte Fälle und Organisationen",
		"parts of jobs on cases":                        "Teile von Aufträgen zu Fällen",
		"parts of jobs on organizations":                "Teile von Aufträgen zu Organisationen",
		"cases with something due":                      "Fälle, bei denen etwas fällig ist",
		"Search index":                                  "Suchindex",
		"Index of all places":                           "Index aller Bereiche",
		"Archive of the audit log":                      "Archiv des Prüfprotokolls",
		"No day is archived yet: each one is an hour after its end (UTC).": "" +
			"Noch ist kein Tag archiviert: Jeder wird es eine Stunde nach seinem Ende (UTC).",
		"Finished days that are not archived: %d. The log of the program says why.": "" +
			"Beendete Tage, die nicht archiviert sind: %d. Warum, steht in dessen Protokoll.",
		"Archived up to the end of %s (UTC)": "Archiviert bis zum Ende des %s (UTC)",
		"Verification":                       "Prüfung",
		"Verify the lists":                   "Listen prüfen",
		"A queue does not answer":            "Eine Warteschlange antwortet nicht",
		"Queues at %s":                       "Warteschlangen um %s",
		"Queue":                              "Warteschlange",
		"Waiting":                            "Wartend",
		"In progress":                        "In Arbeit",
		"Waiting for a retry":                "Warten auf neuen Versuch",
		"Failed too often":                   "Zu oft gescheitert",
		"There are no dead letters": "" +
			"Es gibt keine unzustellbaren Nachrichten",
		"Error":                     "Fehler",
		"Tenant":                    "Mandant",
		"Attempts":                  "Versuche",
		"Given up":                  "Aufgegeben",
		"Message":                   "Nachricht",
		"Request that caused it":    "Anfrage, die sie ausgelöst hat",
		"Dead letter of %s":         "Unzustellbare Nachricht von %s",
		"Error of the last attempt": "Fehler des letzten Versuchs",
		"Discard…":                  "Verwerfen…",
		"Content":                   "Inhalt",
		"Discard the message":       "Nachricht verwerfen",
		"Rebuild the search index?": "Suchindex neu aufbauen?",
		"Never built":               "Nie aufgebaut",
		"Being rebuilt":             "Wird neu aufgebaut",
		"Lagging":                   "Im Rückstand",
		"Up to date":                "Aktuell",
		"Rebuild…":                  "Neu aufbauen…",
		"Index of direct customers": "Index der Direktkunden",
		"Another part":              "Ein anderer Teil",
		"Part of the name of an organization of %s":       "Teil des Namens einer Organisation von %s",
		"There are more. Type more of the name.":          "Es gibt weitere. Geben Sie mehr vom Namen ein.",
		"Cases in the index":                              "Fälle im Index",
		"Latest change of a case":                         "Letzte Änderung eines Falls",
		"Latest change in the index":                      "Letzte Änderung im Index",
		"Times it was built":                              "Wie oft er aufgebaut wurde",
		"Rebuild this part":                               "Diesen Teil neu aufbauen",
		"The whole index":                                 "Der ganze Index",
		"Rebuild the whole index":                         "Ganzen Index neu aufbauen",
		"From case number":                                "Ab Fallnummer",
		"Compare":                                         "Vergleichen",
		"Nothing differs":                                 "Kein Unterschied",
		"What differs":                                    "Was sich unterscheidet",
		"Case":                                            "Fall",
		"Difference":                                      "Unterschied",
		"Repair these entries":                            "Diese Einträge reparieren",
		"Go on from case %d":                              "Weiter ab Fall %d",
		"This was the last case.":                         "Das war der letzte Fall.",
		"The message was not replayed":                    "Die Nachricht wurde nicht erneut verarbeitet",
		"Discard this message?":                           "Diese Nachricht verwerfen?",
		"The message was discarded.":                      "Die Nachricht wurde verworfen.",
		"Health of the platform":                          "Zustand der Plattform",
		"Verification of the lists":                       "Prüfung der Listen",
		"Part of the name of an MSP or a direct customer": "Teil des Namens eines MSP oder Direktkunden",
		"Compares cases with their entries in the lists, after a restore or a repair by hand.": "" +
			"Vergleicht nach einer Wiederherstellung oder Reparatur von Hand die Fälle mit ihren Einträgen in " +
			"den Listen.",
		"How many messages wait cannot be read now. This page tries again every 10 seconds.": "" +
			"Wie viele Nachrichten warten, lässt sich gerade nicht lesen. Diese Seite versucht es alle 10 " +
			"Sekunden wieder.",
		"A message that fails again and again becomes a dead letter. Fix what its error names, then " +
			"replay it.": "" +
			"Eine Nachricht, die immer wieder scheitert, wird als unzustellbar abgelegt. Beheben Sie, was ihr " +
			"Fehler nennt, und verarbeiten Sie sie dann erneut.",
		"Every message was processed, or is tried again.": "" +
			"Jede Nachricht wurde verarbeitet oder wird noch einmal versucht.",
		"The message is gone for good: what it asked for is never done.": "" +
			"Die Nachricht ist endgültig weg: Was sie verlangt, geschieht nie.",
		"Rebuild the index if searches miss cases. It is rebuilt from the cases in the background. " +
			"Searches use the present index until that is done.": "" +
			"Bauen Sie den Index neu auf, wenn Suchen Fälle nicht finden. Er entsteht im Hintergrund neu aus den " +
			"Fällen; bis er fertig ist, nutzen Suchen den bisherigen Index.",
		"Every provider and every organization is rebuilt. With many cases, this takes a while.": "" +
			"Jeder Anbieter und jede Organisation wird neu aufgebaut. Bei vielen Fällen dauert das eine Weile.",
		"Each change of a case writes the case and its entries in the lists together. They differ only " +
			"if the table was restored in part or edited by hand.": "" +
			"Jede Änderung schreibt den Fall und seine Einträge in den Listen zusammen. Sie unterscheiden sich " +
			"nur, wenn die Tabelle teilweise wiederhergestellt oder von Hand bearbeitet wurde.",
		"The message is on its queue again. If it fails again, it comes back.": "" +
			"Die Nachricht ist wieder in ihrer Warteschlange. Scheitert sie noch einmal, kommt sie zurück.",
	}
}
