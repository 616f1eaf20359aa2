package language

// germanAccount has the German sentences of the account, its sessions and the log-in.
func germanAccount() map[string]string {
	return map[string]string{
		"Weeks begin on":          "Wochen beginnen am",
		"The form was sent twice": "Das Formular wurde zweimal gesendet",
		"The token %s was created once. Its value was in the answer to the first time, and is kept nowhere. " +
			"If you did not see it, delete the token and create another one.": "" +
			"Das Token %s wurde einmal erstellt. Sein Wert stand in der Antwort auf das erste Mal und ist nirgends gespeichert. " +
			"Wenn Sie ihn nicht gesehen haben, löschen Sie das Token, und erstellen Sie ein neues.",
		"The session has ended.":               "Die Sitzung ist beendet.",
		"All your other sessions have ended.":  "Alle Ihre anderen Sitzungen sind beendet.",
		"Forgotten your password?":             "Passwort vergessen?",
		"Send the link":                        "Link senden",
		"Back to the log-in":                   "Zurück zur Anmeldung",
		"Check your mail":                      "Sehen Sie in Ihr Postfach",
		"No mail? Check your spam folder.":     "Keine Mail? Sehen Sie im Spam-Ordner nach.",
		"Ask for another link":                 "Neuen Link anfordern",
		"Set the password":                     "Passwort festlegen",
		"Ask for a new link":                   "Neuen Link anfordern",
		"New password":                         "Neues Passwort",
		"%[1]s invites you to %[2]s as %[3]s.": "%[1]s lädt Sie zu %[2]s ein, als %[3]s.",
		"Accept as %s":                         "Als %s annehmen",
		"Log out to accept it":                 "Abmelden, um sie anzunehmen",
		"Create account":                       "Konto erstellen",
		"Invitation not accepted":              "Einladung nicht angenommen",
		"Log-in failed":                        "Anmeldung fehlgeschlagen",
		"Password not accepted":                "Passwort nicht angenommen",
		"Link not sent":                        "Link nicht gesendet",
		"Password not set":                     "Passwort nicht festgelegt",
		"Nothing was saved":                    "Nichts wurde gespeichert",
		"Your details were saved.":             "Ihre Angaben wurden gespeichert.",
		"Your preferences were saved.":         "Ihre Einstellungen wurden gespeichert.",
		"Present password":                     "Bisheriges Passwort",
		"Change the password":                  "Passwort ändern",
		"Another phone":                        "Weiteres Telefon",
		"Preferences":                          "Einstellungen",
		"Your browser is in":                   "Ihr Browser ist in",
		"Use it":                               "Übernehmen",
		"Language":                             "Sprache",
		"Colours":                              "Farben",
		"Rows of a list":                       "Zeilen einer Liste",
		"as the list":                          "wie die Liste",
		"as the device":                        "wie das Gerät",
		"light":                                "hell",
		"dark":                                 "dunkel",
		"Tables":                               "Tabellen",
		"comfortable":                          "großzügig",
		"compact":                              "kompakt",
		"Mails about cases":                    "Mails zu Fällen",
		"A case is opened":                     "Ein Fall wird eröffnet",
		"Somebody answers":                     "Jemand antwortet",
		"A case changes":                       "Ein Fall ändert sich",
		"A promised time runs out":             "Eine zugesagte Zeit läuft ab",
		"My own changes too":                   "Auch meine eigenen Änderungen",
		"Save the preferences":                 "Einstellungen speichern",
		"Token":                                "Token",
		"Last used":                            "Zuletzt benutzt",
		"Ends":                                 "Gültig bis",
		"Delete":                               "Löschen",
		"the token %s":                         "Token %s",
		"A new token":                          "Neues Token",
		"The program that uses it":             "Das Programm, das es benutzt",
		"Allowed addresses":                    "Erlaubte Adressen",
		"Create the token":                     "Token erstellen",
		"Store your token now":                 "Speichern Sie Ihr Token jetzt",
		"I have stored it":                     "Ich habe es gespeichert",
		"An unknown program":                   "Ein unbekanntes Programm",
		"Your sessions":                        "Ihre Sitzungen",
		"End all other sessions":               "Alle anderen Sitzungen beenden",
		"from %s, since":                       "von %s, seit",
		"last used":                            "zuletzt benutzt",
		"This session":                         "Diese Sitzung",
		"End":                                  "Beenden",
		"the session of %[1]s from %[2]s":      "Sitzung: %[1]s von %[2]s",
		"Not set up":                           "Nicht eingerichtet",
		"Setup token":                          "Einrichtungs-Token",
		"Create the account":                   "Konto erstellen",
		"The token was not created":            "Das Token wurde nicht erstellt",
		"Forgotten password":                   "Passwort vergessen",
		"Set a new password":                   "Neues Passwort festlegen",
		"Accept the invitation":                "Einladung annehmen",
		"Set up Tenantry":                      "Tenantry einrichten",
		"Enter your e-mail address. We will send you a link to set a new password.": "" +
			"Geben Sie Ihre E-Mail-Adresse ein. Wir senden Ihnen einen Link, mit dem Sie ein neues Passwort " +
			"festlegen.",
		"If the address has an account, we have sent a link to set a new password. It works once and " +
			"expires in 15 minutes.": "" +
			"Wenn es zu der Adresse ein Konto gibt, haben wir einen Link zum Festlegen eines neuen Passworts " +
			"gesendet. Er gilt einmal und 15 Minuten lang.",
		"At least 12 characters and hard to guess. Several unrelated words work well.": "" +
			"Mindestens 12 Zeichen und schwer zu erraten. Gut sind mehrere Wörter, die nichts miteinander zu tun " +
			"haben.",
		"The invitation is for %[1]s, and you are logged in as %[2]s.": "" +
			"Die Einladung ist für %[1]s, und Sie sind als %[2]s angemeldet.",
		"%s already has an account. Log in to accept the invitation.": "" +
			"%s hat bereits ein Konto. Melden Sie sich an, um die Einladung anzunehmen.",
		"Your password was changed. All other sessions and API tokens have ended.": "" +
			"Ihr Passwort wurde geändert. Alle anderen Sitzungen und API-Token wurden beendet.",
		"Mail me security events of places where I have the highest role": "" +
			"Sicherheitsereignisse der Bereiche, in denen ich die höchste Rolle habe, per Mail melden",
		"As in Europe/Berlin. Pages and mails show times in it; empty for UTC.": "" +
			"Zum Beispiel Europe/Berlin. Seiten und Mails zeigen die Zeiten darin; leer für UTC.",
		"Saved views":                "Gespeicherte Ansichten",
		"View %s":                    "Ansicht %s",
		"Name of the view":           "Name der Ansicht",
		"Save this view":             "Diese Ansicht speichern",
		"Save the view":              "Ansicht speichern",
		"Rename the view":            "Ansicht umbenennen",
		"Delete the view":            "Ansicht löschen",
		"Rename or delete the view":  "Ansicht umbenennen oder löschen",
		"The view %s was saved.":     "Die Ansicht %s wurde gespeichert.",
		"The view is called %s now.": "Die Ansicht heißt jetzt %s.",
		"The view %s was deleted.":   "Die Ansicht %s wurde gelöscht.",
		"You have no saved views":    "Sie haben keine gespeicherten Ansichten",
		"It keeps the list, the filters, the order and the columns.": "" +
			"Sie behält die Liste, die Filter, die Reihenfolge und die Spalten.",
		"Filter or sort a list of cases, and choose “Save this view” there.": "" +
			"Filtern oder sortieren Sie eine Liste von Fällen und wählen Sie dort „Diese Ansicht speichern“.",
		"Single keys are shortcuts: / searches, ? opens the guide": "" +
			"Einzelne Tasten sind Kürzel: / sucht, ? öffnet die Hilfe",
		"A token lets a program act for you, with your roles. Give each program a token of its own, so " +
			"that you can end one alone.": "" +
			"Mit einem Token handelt ein Programm für Sie, mit Ihren Rollen. Geben Sie jedem Programm ein " +
			"eigenes Token, damit Sie es einzeln beenden können.",
		"Addresses or networks, as in 203.0.113.0/24, with commas between them": "" +
			"Adressen oder Netze wie 203.0.113.0/24, durch Kommas getrennt",
		"This is the token %s. It is shown only here: nobody can look it up later.": "" +
			"Das ist das Token %s. Es wird nur hier angezeigt: Niemand kann es später nachsehen.",
		"Everywhere you are logged in. End what you do not know, and then set a new password.": "" +
			"Überall, wo Sie angemeldet sind. Beenden Sie, was Sie nicht kennen, und legen Sie dann ein neues " +
			"Passwort fest.",
		"This installation has no operator yet. Create your account; you can invite others afterwards.": "" +
			"Diese Installation hat noch keinen Betreiber. Erstellen Sie Ihr Konto; danach können Sie andere " +
			"einladen.",
		"The program printed it at its first start and stored it in the file setup-token of its data " +
			"folder. On AWS, the function platform.setup_token returns it.": "" +
			"Das Programm hat es beim ersten Start ausgegeben und in der Datei setup-token seines Datenordners " +
			"gespeichert. Auf AWS liefert es die Funktion platform.setup_token.",
		"The token was deleted. What uses it is refused from now on.": "" +
			"Das Token wurde gelöscht. Was es benutzt, wird ab jetzt abgewiesen.",
	}
}
