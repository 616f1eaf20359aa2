package language

// germanHome has the German sentences of the home page, the search and the guides.
func germanHome() map[string]string {
	return map[string]string{
		"answers":                                 "Antworten",
		"new cases":                               "neue Fälle",
		"changes":                                 "Änderungen",
		"Mails about security":                    "Mails zur Sicherheit",
		"Your latest cases":                       "Ihre neuesten Fälle",
		"Your details":                            "Ihre Angaben",
		"Your feedback was not saved":             "Ihre Rückmeldung wurde nicht gespeichert",
		"Feedback on the guides":                  "Rückmeldungen zu den Hilfen",
		"Opening a case":                          "Einen Fall eröffnen",
		"What helps most?":                        "Was hilft am meisten?",
		"Which severity?":                         "Welcher Schweregrad?",
		"Who is told?":                            "Wer erfährt davon?",
		"Case reports":                            "Fallberichte",
		"What do the numbers count?":              "Was zählen die Zahlen?",
		"Working on a case":                       "Einen Fall bearbeiten",
		"Who sees an internal note?":              "Wer sieht eine interne Notiz?",
		"What does merging do?":                   "Was bewirkt das Zusammenführen?",
		"Why did the clock stop?":                 "Warum läuft die Zeit nicht?",
		"Can I undo a deletion?":                  "Kann ich ein Löschen rückgängig machen?",
		"The list of cases":                       "Die Fallliste",
		"How do I find a case?":                   "Wie finde ich einen Fall?",
		"How do I change several?":                "Wie ändere ich mehrere?",
		"How do I get a file?":                    "Wie bekomme ich eine Datei?",
		"People and roles":                        "Personen und Rollen",
		"Which role for whom?":                    "Welche Rolle für wen?",
		"The invitation does not arrive.":         "Die Einladung kommt nicht an.",
		"What the provider may do":                "Was der Anbieter darf",
		"Who decides?":                            "Wer entscheidet?",
		"When does it end?":                       "Wann endet sie?",
		"The audit log":                           "Das Prüfprotokoll",
		"What is in it?":                          "Was steht darin?",
		"A job":                                   "Ein Auftrag",
		"May I close the page?":                   "Darf ich die Seite schließen?",
		"Some failed.":                            "Einige sind fehlgeschlagen.",
		"What is a job?":                          "Was ist ein Auftrag?",
		"How do I use one?":                       "Wie verwende ich eines?",
		"Which mails can I switch off?":           "Welche Mails kann ich abschalten?",
		"Finding your way":                        "Sich zurechtfinden",
		"How do I get to a customer?":             "Wie komme ich zu einem Kunden?",
		"Why do I not see a page?":                "Warum sehe ich eine Seite nicht?",
		"Back to the page":                        "Zurück zur Seite",
		"Your MSPs":                               "Ihre MSPs",
		"You have no role yet":                    "Sie haben noch keine Rolle",
		"Ask an administrator for an invitation.": "Bitten Sie einen Administrator um eine Einladung.",
		"Run the platform and work on its cases":  "Die Plattform betreiben und ihre Fälle bearbeiten",
		"of %s":                                   "von %s",
		"A number, a name, or words of a case":    "Eine Nummer, ein Name oder Wörter aus einem Fall",
		"Nothing found":                           "Nichts gefunden",
		"Keys":                                    "Tasten",
		"search":                                  "suchen",
		"this guide":                              "diese Hilfe",
		"next and previous case of a list":        "nächster und voriger Fall einer Liste",
		"send the text":                           "Text absenden",
		"Was this helpful?":                       "War das hilfreich?",
		"What was missing?":                       "Was hat gefehlt?",
		"Up to 800 characters":                    "Bis zu 800 Zeichen",
		"Yes":                                     "Ja",
		"No":                                      "Nein",
		"Recent":                                  "Zuletzt angesehen",
		"Nobody has said anything yet":            "Noch hat niemand etwas gesagt",
		"Each guide asks whether it was helpful.": "Jede Hilfe fragt, ob sie hilfreich war.",
		"Guide":       "Hilfe",
		"Helpful":     "Hilfreich",
		"Not helpful": "Nicht hilfreich",
		"Latest":      "Neueste",
		"Places":      "Bereiche",
		"All results": "Alle Ergebnisse",
		"For 30 days, from the bin of the list of cases.": "30 Tage lang, im Papierkorb der Fallliste.",
		"Thank you. Your feedback helps us improve.": "" +
			"Vielen Dank. Ihre Rückmeldung hilft uns, besser zu werden.",
		"Say what happens, since when, where, and what you expected instead. Attach the log or a picture.": "" +
			"Schreiben Sie, was geschieht, seit wann, wo, und was Sie stattdessen erwartet haben. Hängen Sie das " +
			"Protokoll oder ein Bild an.",
		"1 if nobody can work, 2 if many are disturbed, 3 for one thing that does not work, 4 for a " +
			"question.": "" +
			"1, wenn niemand arbeiten kann; 2, wenn viele gestört sind; 3 für eine Sache, die nicht geht; 4 für " +
			"eine Frage.",
		"You, the people in copy, and the agents of your provider. Answers come by mail; you can answer " +
			"the mail.": "" +
			"Sie, die Personen in Kopie und die Bearbeiter Ihres Anbieters. Antworten kommen per Mail; Sie " +
			"können auf die Mail antworten.",
		"All cases of the place that you may see. Each number leads to the list of the cases behind it.": "" +
			"Alle Fälle des Bereichs, die Sie sehen dürfen. Jede Zahl führt zur Liste ihrer Fälle.",
		"Agents only. A note does not change the case for its customer, and no customer gets a mail.": "" +
			"Nur Bearbeiter. Eine Notiz ändert den Fall für den Kunden nicht, und kein Kunde bekommt eine Mail.",
		"This case is closed and points to the other one. Its people watch that one, and answers to its " +
			"mails go there.": "" +
			"Dieser Fall wird geschlossen und verweist auf den anderen. Seine Personen beobachten den anderen, " +
			"und Antworten auf seine Mails gehen dorthin.",
		"Promised times do not run while a case is pending or on hold: the customer has to act first.": "" +
			"Zugesagte Zeiten laufen nicht, solange ein Fall wartet oder angehalten ist: Der Kunde ist zuerst am " +
			"Zug.",
		"Type its number, a part of a word, or several words in their order. Filters add up; each shows " +
			"above the list and can be removed there.": "" +
			"Geben Sie seine Nummer, einen Teil eines Worts oder mehrere Wörter in ihrer Reihenfolge ein. Filter " +
			"ergänzen sich; jeder steht über der Liste und lässt sich dort entfernen.",
		"Tick them and choose what to do. It becomes a job with a result for each.": "" +
			"Markieren Sie sie, und wählen Sie, was geschehen soll. Daraus wird ein Auftrag mit einem Ergebnis " +
			"für jeden.",
		"CSV writes the list with its filters into a file, and the job's page leads to it.": "" +
			"CSV schreibt die Liste mit ihren Filtern in eine Datei; die Seite des Auftrags führt zu ihr.",
		"Tenant Administrator and Super User may everything. Network Admin changes everything but " +
			"people. Helpdesk works on cases. The others see, or install devices.": "" +
			"Tenant Administrator und Super User dürfen alles. Network Admin ändert alles außer Personen. " +
			"Helpdesk bearbeitet Fälle. Die anderen sehen nur oder installieren Geräte.",
		"Send it again: the link in the former mail ends. The list shows if mail does not reach an address.": "" +
			"Senden Sie sie noch einmal: Der Link der vorigen Mail wird ungültig. Die Liste zeigt, wenn Mails " +
			"eine Adresse nicht erreichen.",
		"Administrators of the organization itself. The provider can ask for a consent, and give up what " +
			"it has.": "" +
			"Die Administratoren der Organisation selbst. Der Anbieter kann um eine Einwilligung bitten und " +
			"abgeben, was er hat.",
		"At once when you withdraw it, or after the last day that you set. Everything the provider has " +
			"open stops at its next click.": "" +
			"Sofort, wenn Sie sie widerrufen, oder nach dem letzten Tag, den Sie festlegen. Was der Anbieter " +
			"offen hat, endet bei seinem nächsten Klick.",
		"Every change, log-in and refusal, with who, when, from where, and what was before and after. " +
			"Nobody can change or delete an entry.": "" +
			"Jede Änderung, Anmeldung und Ablehnung: wer, wann, von wo, und was vorher und nachher galt. Niemand " +
			"kann einen Eintrag ändern oder löschen.",
		"Yes. The job goes on, and its page keeps the results for 90 days.": "" +
			"Ja. Der Auftrag läuft weiter, und seine Seite behält die Ergebnisse 90 Tage lang.",
		"Mend what the reason says, and retry the failed ones: what is done is not done again.": "" +
			"Beheben Sie, was der Grund nennt, und wiederholen Sie die fehlgeschlagenen: Was erledigt ist, " +
			"geschieht nicht noch einmal.",
		"Whatever takes longer than a moment or concerns many things at once. Each target has a result " +
			"of its own.": "" +
			"Alles, was länger als einen Augenblick dauert oder viele Dinge auf einmal betrifft. Jedes Ziel hat " +
			"ein eigenes Ergebnis.",
		"Send the header Authorization: Token, a space, and the token. The documentation of the API has " +
			"every call.": "" +
			"Senden Sie den Header Authorization: Token, ein Leerzeichen und das Token. Die Dokumentation der " +
			"API beschreibt jeden Aufruf.",
		"Those about cases, by kind. Invitations, links for your password and security mails about " +
			"yourself always come.": "" +
			"Die zu Fällen, nach Art. Einladungen, Links für Ihr Passwort und Sicherheitsmails zu Ihnen selbst " +
			"kommen immer.",
		"Open the list beside the name in the header and type a part of the customer's name, or search " +
			"at the top.": "" +
			"Öffnen Sie die Liste neben dem Namen in der Kopfzeile und geben Sie einen Teil des Kundennamens " +
			"ein, oder suchen Sie oben.",
		"The menu has what your role allows at this place. An administrator of the place can give you " +
			"another role.": "" +
			"Das Menü zeigt, was Ihre Rolle in diesem Bereich erlaubt. Ein Administrator des Bereichs kann Ihnen " +
			"eine andere Rolle geben.",
		"No place or case that you may see matches “%s”.": "" +
			"Kein Bereich oder Fall, den Sie sehen dürfen, passt zu „%s“.",
		"Single keys can be switched off in your account.": "" +
			"Einzelne Tasten können Sie in Ihrem Konto abschalten.",
		"You may answer me: operators see my name and address": "" +
			"Sie dürfen mir antworten: Betreiber sehen meinen Namen und meine Adresse",
	}
}
