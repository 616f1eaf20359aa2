package language

// germanQuarantine has the German sentences of the quarantine.
func germanQuarantine() map[string]string {
	return map[string]string{
		"Nobody was blocked":                         "Niemand wurde gesperrt",
		"Mails from %s are quarantined from now on.": "Mails von %s kommen ab jetzt in die Quarantäne.",
		"Block a sender":                             "Absender sperren",
		"Address or domain":                          "Adresse oder Domain",
		"Why":                                        "Warum",
		"Block the sender":                           "Absender sperren",
		"Part of the address or of the reason":       "Teil der Adresse oder des Grunds",
		"No blocked sender has “%s”":                 "Kein gesperrter Absender enthält „%s“",
		"No mail has this reason":                    "Keine Mail hat diesen Grund",
		"There may be mails with other reasons.":     "Es kann Mails mit anderen Gründen geben.",
		"Nobody is blocked":                          "Niemand ist gesperrt",
		"Sender":                                     "Absender",
		"Unblock":                                    "Entsperren",
		"Mail without a subject":                     "Mail ohne Betreff",
		"The mail stays in the quarantine":           "Die Mail bleibt in der Quarantäne",
		"Delete this mail?":                          "Diese Mail löschen?",
		"The mail was deleted.":                      "Die Mail wurde gelöscht.",
		"From one network at most %s a day.":         "Aus einem Netz höchstens %s am Tag.",
		"Reason: %s":                                 "Grund: %s",
		"No mail with this reason so far":            "Keine der durchgesehenen Mails hat diesen Grund",
		"There are no mails":                         "Es gibt keine Mails",
		"Received":                                   "Empfangen",
		"Size":                                       "Größe",
		"Why it was kept out":                        "Warum sie zurückgehalten wurde",
		"What to do:":                                "Was zu tun ist:",
		"To":                                         "An",
		"Sender of the envelope":                     "Absender des Umschlags",
		"Address of the sending server":              "Adresse des sendenden Servers",
		"Raw mail":                                   "Rohe Mail",
		"Block the sender…":                          "Absender sperren…",
		"The content is gone":                        "Der Inhalt ist weg",
		"The content is not shown":                   "Der Inhalt wird nicht angezeigt",
		"What is odd about it":                       "Was daran auffällt",
		"There is no text.":                          "Es gibt keinen Text.",
		"There is more in the raw mail.":             "Die rohe Mail enthält mehr.",
		"Headers":                                    "Header",
		"Delete the mail":                            "Mail löschen",
		"The mail was released. It is being processed.":      "Die Mail wurde freigegeben. Sie wird verarbeitet.",
		"There are older mails. Choose Next to search them.": "Es gibt ältere Mails. Suchen Sie mit Weiter.",
		"Mails from %s are let in again. Those in the quarantine stay there; replay them.": "" +
			"Mails von %s werden wieder angenommen. Die in der Quarantäne bleiben dort; verarbeiten Sie sie erneut.",
		"As in anna@example.com, or example.com with its subdomains": "" +
			"Zum Beispiel anna@example.com, oder example.com mit Subdomains",
		"Mails from a blocked sender go to the quarantine.": "" +
			"Mails eines gesperrten Absenders kommen in die Quarantäne.",
		"The mail is being processed again. If its cause is still there, it comes back.": "" +
			"Die Mail wird erneut verarbeitet. Besteht die Ursache noch, kommt sie zurück.",
		"Mails that were not let in are kept for 90 days. Beyond its limit, the quarantine keeps headers" +
			" only.": "" +
			"Mails, die nicht angenommen wurden, stehen hier 90 Tage lang. Über ihre Grenze hinaus behält die " +
			"Quarantäne nur die Header.",
		"No mail was kept out, or all of them were dealt with.": "" +
			"Keine Mail wurde zurückgehalten, oder alle sind erledigt.",
		"Only the headers were kept, because the quarantine had no room. Such a mail can be neither " +
			"released nor replayed.": "" +
			"Nur die Header wurden behalten, weil in der Quarantäne kein Platz war. Eine solche Mail kann weder " +
			"freigegeben noch erneut verarbeitet werden.",
		"Release lets the mail in despite its reason. Replay treats it as if it had just arrived.": "" +
			"Freigeben nimmt die Mail trotz des Grunds an. Erneut verarbeiten behandelt sie, als wäre sie eben " +
			"gekommen.",
		"This reason cannot be overruled. Fix the cause first. Then Replay treats the mail as if it had " +
			"just arrived.": "" +
			"Über diesen Grund kann man sich nicht hinwegsetzen. Erneut verarbeiten behandelt die Mail, als wäre " +
			"sie eben gekommen, nachdem die Ursache behoben ist.",
		"The file of this mail is not in the store any more. Delete the entry, and ask the sender to " +
			"send it again.": "" +
			"Die Datei dieser Mail ist nicht mehr im Speicher. Löschen Sie den Eintrag, und bitten Sie den " +
			"Absender, sie noch einmal zu senden.",
		"The mail is gone for good. Its sender is not told.": "" +
			"Die Mail ist endgültig weg. Ihr Absender erfährt es nicht.",
	}
}
