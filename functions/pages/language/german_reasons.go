package language

// germanReasons has the German sentences that explain why a mail is in quarantine.
func germanReasons() map[string]string {
	return map[string]string{
		"Unreadable":           "Nicht lesbar",
		"Loop":                 "Schleife",
		"Delivery failure":     "Unzustellbarkeit",
		"Automatic":            "Automatisch",
		"Invalid token":        "Ungültige Antwortadresse",
		"Deleted organization": "Gelöschte Organisation",
		"The organization that it is for is deleted.": "Die Organisation, an die sie geht, ist gelöscht.",
		"Unknown case":                           "Unbekannter Fall",
		"Case closed":                            "Fall geschlossen",
		"Other sender":                           "Anderer Absender",
		"Unknown sender":                         "Unbekannter Absender",
		"Not permitted":                          "Nicht berechtigt",
		"No organization":                        "Keine Organisation",
		"Ambiguous organization":                 "Organisation nicht eindeutig",
		"No destination":                         "Kein Empfänger",
		"Too much":                               "Zu viel",
		"Rate":                                   "Zu viele Mails",
		"Blocked":                                "Gesperrt",
		"Unauthenticated":                        "Nicht nachgewiesen",
		"Virus":                                  "Virus",
		"Spam":                                   "Spam",
		"Forged":                                 "Gefälscht",
		"Look at the raw mail.":                  "Sehen Sie sich die rohe Mail an.",
		"Find out who sends our mails back.":     "Finden Sie heraus, wer unsere Mails zurücksendet.",
		"The case is gone.":                      "Den Fall gibt es nicht mehr.",
		"The receiving service found a virus.":   "Der empfangende Dienst hat einen Virus gefunden.",
		"Nothing, unless you know better.":       "Nichts, wenn Sie es nicht besser wissen.",
		"The receiving service judged it spam.":  "Der empfangende Dienst hält sie für Spam.",
		"Release it if it is not spam.":          "Geben Sie sie frei, wenn sie kein Spam ist.",
		"Change the role, then replay the mail.": "Ändern Sie die Rolle und verarbeiten dann die Mail erneut.",
		"No recipient is an address that accepts mail.": "Kein Empfänger ist eine Adresse, die Mails annimmt.",
		"It is not a valid mail, or it exceeds the parser's limits.": "" +
			"Es ist keine gültige Mail, oder sie überschreitet die Grenzen des Lesers.",
		"This installation sent it, or it names one of our own addresses as its sender.": "" +
			"Diese Installation hat sie gesendet, oder sie nennt eine unserer Adressen als Absender.",
		"It reports that a mail was not delivered, and nothing in it proves that the mail was ours.": "" +
			"Sie meldet, dass eine Mail nicht zugestellt wurde, und nichts darin belegt, dass es unsere war.",
		"Nothing; release it if a person wrote it.": "" +
			"Nichts; geben Sie sie frei, wenn ein Mensch sie geschrieben hat.",
		"A program wrote it, and it belongs to no case.": "" +
			"Ein Programm hat sie geschrieben, und sie gehört zu keinem Fall.",
		"The reply address was not generated here, or is damaged.": "" +
			"Die Antwortadresse wurde nicht hier erzeugt oder ist beschädigt.",
		"Ask the sender to reply to the latest notice.": "" +
			"Bitten Sie den Absender, auf die neueste Benachrichtigung zu antworten.",
		"Nothing; if it was deleted by mistake, restore it, then replay the mail.": "" +
			"Nichts; wurde er versehentlich gelöscht, stellen Sie ihn wieder her und verarbeiten die Mail erneut.",
		"The case was closed long ago, and the sender has no account to open a new one.": "" +
			"Der Fall wurde vor langer Zeit geschlossen, und der Absender hat kein Konto, um einen neuen zu " +
			"eröffnen.",
		"Reopen the case, then replay the mail; or invite the sender.": "" +
			"Öffnen Sie den Fall wieder und verarbeiten die Mail erneut, oder laden Sie den Absender ein.",
		"It is not from the person the reply address belongs to, or names several senders.": "" +
			"Sie ist nicht von der Person, zu der die Antwortadresse gehört, oder nennt mehrere Absender.",
		"The sender may be using another address: release the mail, and confirm the address if it is theirs.": "" +
			"Vielleicht nutzt der Absender eine andere Adresse: Geben Sie die Mail frei, und bestätigen Sie die " +
			"Adresse, wenn sie ihm gehört.",
		"Nobody has an account with this address, and the case does not name it.": "" +
			"Niemand hat ein Konto mit dieser Adresse, und der Fall nennt sie nicht.",
		"Invite the sender, then replay the mail.": "" +
			"Laden Sie den Absender ein und verarbeiten dann die Mail erneut.",
		"The sender may not write to this case or organization.": "" +
			"Der Absender darf zu diesem Fall oder dieser Organisation nicht schreiben.",
		"The sender may not open cases for any organization.": "" +
			"Der Absender darf für keine Organisation Fälle eröffnen.",
		"Grant a role at one, then replay the mail.": "" +
			"Geben Sie ihm in einer eine Rolle und verarbeiten dann die Mail erneut.",
		"The sender may open cases for several organizations, and the mail names none.": "" +
			"Der Absender darf für mehrere Organisationen Fälle eröffnen, und die Mail nennt keine.",
		"Tell the sender the address with the organization's id.": "" +
			"Nennen Sie dem Absender die Adresse mit der ID der Organisation.",
		"It has too many attachments, or the case is full.": "" +
			"Sie hat zu viele Anhänge, oder der Fall ist voll.",
		"Release it without the attachments that do not fit, or ask for a download link instead.": "" +
			"Geben Sie sie ohne die Anhänge frei, die nicht passen, oder bitten Sie um einen Link zum Herunterladen.",
		"The sender wrote more mails in a short time than a person does.": "" +
			"Der Absender hat in kurzer Zeit mehr Mails geschrieben, als ein Mensch es tut.",
		"Find out which program writes them; release those that are needed.": "" +
			"Finden Sie heraus, welches Programm sie schreibt, und geben Sie frei, was gebraucht wird.",
		"An operator blocked the sender's address or domain.": "" +
			"Ein Betreiber hat die Adresse oder Domain des Absenders gesperrt.",
		"Release it, and remove the block if it is no longer needed.": "" +
			"Geben Sie sie frei, und heben Sie die Sperre auf, wenn sie nicht mehr nötig ist.",
		"Nothing proves that it is from its sender: no DMARC, SPF or DKIM result matches the domain.": "" +
			"Nichts belegt, dass sie von ihrem Absender ist: Kein Ergebnis von DMARC, SPF oder DKIM passt zur " +
			"Domain.",
		"Ask the sender through another channel; release it if it is genuine, and have the sender's " +
			"domain publish SPF and DKIM.": "" +
			"Fragen Sie den Absender auf anderem Weg. Ist sie echt, geben Sie sie frei, und lassen Sie für seine " +
			"Domain SPF und DKIM veröffentlichen.",
		"It fails both SPF and DKIM, or DMARC, and the sender's domain asks to reject such mail.": "" +
			"Sie besteht weder SPF noch DKIM, oder DMARC nicht, und die Domain des Absenders verlangt, solche " +
			"Mails abzuweisen.",
		"Ask the sender through another channel; release it if it is genuine.": "" +
			"Fragen Sie den Absender auf anderem Weg; geben Sie sie frei, wenn sie echt ist.",
	}
}
