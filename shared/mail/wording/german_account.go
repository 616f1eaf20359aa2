package wording

// germanAccount has the German sentences of mails about accounts.
func germanAccount() map[string]string {
	return map[string]string{
		"You get this mail because you are a contact of %s.": "Sie bekommen diese Mail, weil Sie ein Kontakt von %s sind.",
		"You get this mail because you are an administrator of %s.": "" +
			"Sie bekommen diese Mail, weil Sie %s verwalten.",
		"An answer opens a case.":                      "Eine Antwort eröffnet einen Fall.",
		"%[1]s invites you to %[2]s":                   "%[1]s lädt Sie zu %[2]s ein",
		"%[1]s via %[2]s":                              "%[1]s über %[2]s",
		"Your role will be %s.":                        "Ihre Rolle wird %s sein.",
		"The link works until %s.":                     "Der Link gilt bis %s.",
		"Accept the invitation":                        "Einladung annehmen",
		"Set a new password":                           "Ein neues Passwort setzen",
		"Choose a new password":                        "Ein neues Passwort wählen",
		"Your password was changed":                    "Ihr Passwort wurde geändert",
		"A new API token":                              "Ein neues API-Token",
		"A new API token for your account":             "Ein neues API-Token für Ihr Konto",
		"New %[1]s of %[2]s":                           "Neu als %[1]s bei %[2]s",
		"%[1]s is now %[2]s of %[3]s":                  "%[1]s ist jetzt %[2]s bei %[3]s",
		"%[1]s (%[2]s) is now %[3]s of %[4]s.":         "%[1]s (%[2]s) ist jetzt %[3]s bei %[4]s.",
		"See the people":                               "Personen ansehen",
		"Open the portal":                              "Portal öffnen",
		"A request for your consent":                   "Bitte um Ihre Einwilligung",
		"%s asks for your consent":                     "%s bittet um Ihre Einwilligung",
		"The reason given: %s":                         "Als Grund ist angegeben: %s",
		"All your sessions were ended":                 "Alle Ihre Sitzungen wurden beendet",
		"Wrong passwords for your account":             "Falsche Passwörter für Ihr Konto",
		"A security event":                             "Ein Sicherheitsereignis",
		"Log in":                                       "Anmelden",
		"Turn security notices on or off":              "Sicherheitshinweise ein- oder ausschalten",
		"Requests for a consent cannot be turned off.": "Bitten um eine Einwilligung lassen sich nicht abschalten.",
		"support access for the MSP":                   "Support-Zugang für den MSP",
		"support access for the operator":              "Support-Zugang für den Betreiber",
		"user management for the MSP":                  "Benutzerverwaltung für den MSP",
		"user management for the operator":             "Benutzerverwaltung für den Betreiber",
		"personal data for the MSP":                    "personenbezogene Daten für den MSP",
		"personal data for the operator":               "personenbezogene Daten für den Betreiber",
		"You get this mail because %s entered your address.": "" +
			"Sie bekommen diese Mail, weil %s Ihre Adresse eingegeben hat.",
		"If you did not expect this invitation, ignore this mail.": "" +
			"Wenn Sie diese Einladung nicht erwartet haben, beachten Sie diese Mail nicht.",
		"Mails about the security of your account cannot be turned off.": "" +
			"Mails zur Sicherheit Ihres Kontos lassen sich nicht abschalten.",
		"Somebody, probably you, asked for a new password for this address. The link works once, " +
			"within %d minutes.": "" +
			"Jemand, vermutlich Sie, hat ein neues Passwort für diese Adresse angefordert. Der Link gilt " +
			"einmal, innerhalb von %d Minuten.",
		"If it was not you, ignore this mail: your password stays as it is.": "" +
			"Wenn Sie es nicht waren, beachten Sie diese Mail nicht: Ihr Passwort bleibt, wie es ist.",
		"You get this mail because somebody entered your address on the page for forgotten passwords.": "" +
			"Sie bekommen diese Mail, weil jemand Ihre Adresse auf der Seite für vergessene Passwörter " +
			"eingegeben hat.",
		"The password of your account was changed on %s. All earlier sessions and API tokens were " +
			"ended.": "" +
			"Das Passwort Ihres Kontos wurde geändert: %s. Alle früheren Sitzungen und API-Token wurden " +
			"beendet.",
		"If it was not you, choose a new password at once and tell your administrator.": "" +
			"Wenn Sie es nicht waren, wählen Sie sofort ein neues Passwort, und sagen Sie Ihrer " +
			"Administration Bescheid.",
		"You get this mail because it is your account.": "Sie bekommen diese Mail, weil es Ihr Konto ist.",
		"The API token %s was created for your account. Whoever has it can do what you can.": "" +
			"Das API-Token %s wurde für Ihr Konto erstellt. Wer es hat, kann tun, was Sie können.",
		"The API token %[1]s was created for your account from the address %[2]s. Whoever has it can " +
			"do what you can.": "" +
			"Das API-Token %[1]s wurde von der Adresse %[2]s aus für Ihr Konto erstellt. Wer es hat, " +
			"kann tun, was Sie können.",
		"If it was not you, choose a new password at once: that ends all API tokens and sessions. " +
			"Then tell your administrator.": "" +
			"Wenn Sie es nicht waren, wählen Sie sofort ein neues Passwort: Das beendet alle API-Token " +
			"und Sitzungen. Sagen Sie dann Ihrer Administration Bescheid.",
		"If you did not expect it, look at the audit log for who invited this person, and remove " +
			"them.": "" +
			"Wenn Sie das nicht erwartet haben, sehen Sie im Prüfprotokoll nach, wer diese Person " +
			"eingeladen hat, und entfernen Sie sie.",
		"Mails about new people in the places that you administer cannot be turned off.": "" +
			"Mails über neue Personen in den Bereichen, die Sie verwalten, lassen sich nicht abschalten.",
		"You get this mail because you are %[1]s of %[2]s.": "" +
			"Sie bekommen diese Mail, weil Sie %[1]s von %[2]s sind.",
		"%[1]s asks %[2]s to consent to %[3]s.":             "%[1]s bittet %[2]s um Einwilligung: %[3]s.",
		"%[1]s asks %[2]s to consent to %[3]s until %[4]s.": "%[1]s bittet %[2]s um Einwilligung: %[3]s bis %[4]s.",
		"Nothing changes unless you or another administrator of %s gives the consent.": "" +
			"Nichts ändert sich, solange weder Sie noch andere Administratoren von %s einwilligen.",
		"%[1]s ended all sessions, API tokens and pending password recoveries of your account, from " +
			"the address %[2]s.": "" +
			"%[1]s hat von der Adresse %[2]s aus alle Sitzungen, API-Token und laufenden " +
			"Passwort-Wiederherstellungen Ihres Kontos beendet.",
		"Log in again to go on. Programs that used your API tokens need new ones.": "" +
			"Melden Sie sich wieder an, um weiterzumachen. Programme, die Ihre API-Token verwendet " +
			"haben, brauchen neue.",
		"You get this mail because you are an administrator or a contact of %s.": "" +
			"Sie bekommen diese Mail, weil Sie %s verwalten oder dafür als Kontakt angegeben sind.",
		"Mails about the end of an organization cannot be turned off.": "" +
			"Mails über das Ende einer Organisation lassen sich nicht abschalten.",
		"%s was restored": "%s wurde wiederhergestellt",
		"%s was deleted":  "%s wurde gelöscht",
		"The organization %s was deleted, and has been restored with everything that was in it. You can use it as before.": "" +
			"Die Organisation %s war gelöscht und ist mit allem, was darin war, wiederhergestellt. Sie können sie wie zuvor benutzen.",
		"%[1]s deleted the MSP %[2]s, which had no organizations any more. The roles in it have ended.": "" +
			"%[1]s hat den MSP %[2]s gelöscht, der keine Organisationen mehr hatte. Die Rollen in ihm sind beendet.",
		"Your account stays, with all its other roles.":          "Ihr Konto bleibt, mit allen anderen Rollen.",
		"You get this mail because you were a super user of %s.": "Sie bekommen diese Mail, weil Sie Super User von %s waren.",
		"Mails about the end of an MSP cannot be turned off.":    "Mails über das Ende eines MSP lassen sich nicht abschalten.",
		"Consents of %s end soon":                                "Einwilligungen von %s enden bald",
		"Consents of %s have ended":                              "Einwilligungen von %s sind beendet",
		"The consent to %[1]s ends at %[2]s.":                    "Die Einwilligung in %[1]s endet am %[2]s.",
		"The consent to %[1]s ended at %[2]s.":                   "Die Einwilligung in %[1]s endete am %[2]s.",
		"The organization's own administrators can give them again, until another time or without an end.": "" +
			"Die eigenen Administratoren der Organisation können sie erneut geben, bis zu einer anderen Zeit oder ohne Ende.",
		"You get this mail because you administer %s, or because you are a super user of its MSP and have security notices on.": "" +
			"Sie bekommen diese Mail, weil Sie %s verwalten, oder weil Sie Super User ihres MSP sind und " +
			"Sicherheitshinweise eingeschaltet haben.",
		"%[1]s deleted the organization %[2]s. Its people cannot see it any more, its cases stand still, and mail to it is kept out.": "" +
			"%[1]s hat die Organisation %[2]s gelöscht. Ihre Leute sehen sie nicht mehr, ihre Fälle ruhen, und Mails an sie kommen in die Quarantäne.",
		"Your provider can restore it with everything that was in it until %s. After that it goes for good.": "" +
			"Ihr Anbieter kann sie mit allem, was darin war, bis %s wiederherstellen. Danach ist sie endgültig gelöscht.",
		"A wrong password was given for your account five times, last from the address %s. Log-ins " +
			"from there are refused for 15 minutes. From the other networks that you use you still get " +
			"in.": "" +
			"Für Ihr Konto wurde fünfmal ein falsches Passwort angegeben, zuletzt von der Adresse %s. " +
			"Anmeldungen von dort werden 15 Minuten lang abgelehnt. Aus den anderen Netzen, die Sie " +
			"verwenden, kommen Sie weiter hinein.",
		"If it was not you and you use the password elsewhere too, set a new one. You get this mail " +
			"at most once a day; your audit log has every attempt.": "" +
			"Wenn Sie es nicht waren und das Passwort auch anderswo verwenden, setzen Sie ein neues. " +
			"Diese Mail bekommen Sie höchstens einmal am Tag; Ihr Prüfprotokoll hat jeden Versuch.",
		"You get this mail because you have the highest role there and your account has security " +
			"notices on.": "" +
			"Sie bekommen diese Mail, weil Sie dort die höchste Rolle haben und Sicherheitshinweise für " +
			"Ihr Konto eingeschaltet sind.",
		"Wrong passwords locked the account of %[1]s for 15 minutes, last from the address %[2]s.": "" +
			"Falsche Passwörter haben das Konto von %[1]s für 15 Minuten gesperrt, zuletzt von der " +
			"Adresse %[2]s.",
		"%[1]s created the API token %[2]s from the address %[3]s.": "" +
			"%[1]s hat von der Adresse %[3]s aus das API-Token %[2]s erstellt.",
		"%[1]s withdrew the consent of %[2]s to %[3]s.": "" +
			"%[1]s hat die Einwilligung von %[2]s zurückgezogen: %[3]s.",
		"%[1]s gave the consent of %[2]s to %[3]s until %[4]s.": "" +
			"%[1]s hat die Einwilligung von %[2]s gegeben: %[3]s bis %[4]s.",
		"%[1]s gave the consent of %[2]s to %[3]s.": "%[1]s hat die Einwilligung von %[2]s gegeben: %[3]s.",
	}
}
