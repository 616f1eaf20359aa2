package language

// germanGuides has the German sentences of the guides of providers' pages.
func germanGuides() map[string]string {
	return map[string]string{
		"How far does it go back?": "Wie weit reicht es zurück?",
		"60 days. What is older is kept in an archive for 400 days; ask those who run the platform.": "60 Tage. Was älter ist, bleibt 400 Tage in einem Archiv; fragen Sie den Betreiber der Plattform.",
		"What does a day or a week mean?": "Was bedeutet ein Tag oder eine Woche?",
		"Those of your time zone. A week begins on Sunday, or on Monday if you prefer that on your account.": "Die Ihrer Zeitzone. Eine Woche beginnt am Sonntag, oder am Montag, wenn Sie das in Ihrem Konto so einstellen.",
		"A message that no worker could process, with the reason. Mend the cause, then replay it; discard it only if what it asks for is done or no longer wanted.": "" +
			"Eine Nachricht, die kein Dienst verarbeiten konnte, mit dem Grund. Beheben Sie die Ursache und verarbeiten Sie sie erneut; verwerfen Sie sie nur, wenn erledigt oder überflüssig ist, was sie verlangt.",
		"A quarantined mail": "" +
			"Eine Mail in der Quarantäne",
		"Agents, under the text field of a case: the answer is put in there and can be changed before it is sent.": "" +
			"Agenten, unter dem Textfeld eines Falls: Die Antwort wird dort eingesetzt und kann vor dem Senden geändert werden.",
		"All open ones, from now on: their promised times are counted anew.": "" +
			"Alle offenen, von jetzt an: Ihre zugesagten Zeiten werden neu berechnet.",
		"All pages and mails show the new name at once. Links and addresses stay.": "" +
			"Alle Seiten und Mails zeigen sofort den neuen Namen. Links und Adressen bleiben.",
		"Cases keep it, and nobody can choose it any more.": "" +
			"Fälle behalten ihn, und niemand kann ihn mehr wählen.",
		"Create the organization, then invite its first administrator, who decides what you may do there.": "" +
			"Legen Sie die Organisation an und laden Sie ihren ersten Administrator ein; er entscheidet, was Sie dort dürfen.",
		"How do I bring a customer in?": "" +
			"Wie nehme ich einen Kunden auf?",
		"How do I label many organizations?": "" +
			"Wie bekommen viele Organisationen ein Label?",
		"In the hours of the calendar, while a case is open. It stops while the customer has to act.": "" +
			"In den Stunden des Kalenders, solange ein Fall offen ist. Sie steht, solange der Kunde handeln muss.",
		"MSPs of a lower tier keep what they made with the feature, and can no longer change it.": "" +
			"MSPs einer niedrigeren Stufe behalten, was sie mit der Funktion angelegt haben, und können es nicht mehr ändern.",
		"May I release it?": "" +
			"Darf ich sie freigeben?",
		"Nothing proves who sent them, or they belong to no case and no customer. Nothing is lost: each is kept for 90 days.": "" +
			"Nichts beweist, wer sie geschickt hat, oder sie gehören zu keinem Fall und keinem Kunden. Nichts geht verloren: Jede wird 90 Tage aufbewahrt.",
		"Only if you know that its sender wrote it: a released mail goes into the case like any other. The page says why it was kept out.": "" +
			"Nur wenn Sie wissen, dass der Absender sie geschrieben hat: Eine freigegebene Mail kommt wie jede andere in den Fall. Die Seite sagt, warum sie aufgehalten wurde.",
		"Queues are empty or nearly so. If the oldest message waits for minutes, something is slow; if it fails, it becomes a dead letter.": "" +
			"Warteschlangen sind leer oder beinahe. Wartet die älteste Nachricht Minuten, ist etwas langsam; scheitert sie, wird sie eine unzustellbare Nachricht.",
		"The desk": "" +
			"Der Servicedesk",
		"The mail is judged again, as if it had just arrived. Mend the reason first, such as a missing invitation.": "" +
			"Die Mail wird noch einmal geprüft, als wäre sie gerade gekommen. Beheben Sie zuerst den Grund, etwa eine fehlende Einladung.",
		"The organization has not allowed support access, or has taken it back. Ask for it on its page Consents.": "" +
			"Die Organisation hat den Support-Zugriff nicht erlaubt oder zurückgenommen. Bitten Sie auf ihrer Seite Einwilligungen darum.",
		"The quarantine": "" +
			"Die Quarantäne",
		"The search index": "" +
			"Der Suchindex",
		"They are quarantined with this reason, and nobody is told. A domain includes its subdomains.": "" +
			"Sie kommen mit diesem Grund in die Quarantäne, und niemand wird benachrichtigt. Eine Domain schließt ihre Subdomains ein.",
		"They group the organizations of an MSP, such as those of a region, so that lists can be filtered and many changed at once. Customers do not see them.": "" +
			"Sie fassen Organisationen eines MSP zusammen, etwa die einer Region, damit man Listen filtern und viele zugleich ändern kann. Kunden sehen sie nicht.",
		"They stay as they are. A new name shows everywhere at once; a deleted label disappears from them.": "" +
			"Sie bleiben, wie sie sind. Ein neuer Name erscheint sofort überall; ein gelöschtes Label verschwindet von ihnen.",
		"Tick them in the list of organizations, or take all that match its filter, and choose Label.": "" +
			"Haken Sie sie in der Liste der Organisationen an, oder nehmen Sie alle, die zum Filter passen, und wählen Sie Label.",
		"Can somebody work for some customers only?": "" +
			"Kann jemand nur für einige Kunden arbeiten?",
		"Yes: invite the person with a role at a label. It holds in the organizations that have the label at the moment, and ends when the label is deleted.": "" +
			"Ja: Laden Sie die Person mit einer Rolle an einem Label ein. Sie gilt in den Organisationen, die das Label gerade " +
			"haben, und endet, wenn das Label gelöscht wird.",
		"What are labels for?": "" +
			"Wozu sind Labels gut?",
		"What does the name change?": "" +
			"Was ändert der Name?",
		"What happens if I raise a tier?": "" +
			"Was geschieht, wenn eine Stufe höher wird?",
		"What happens to the organizations?": "" +
			"Was geschieht mit den Organisationen?",
		"What happens to their mails?": "" +
			"Was geschieht mit ihren Mails?",
		"What if I remove a value from a list?": "" +
			"Was, wenn ich einen Wert aus einer Liste nehme?",
		"What is a dead letter?": "" +
			"Was ist eine unzustellbare Nachricht?",
		"What is a replay?": "" +
			"Was ist eine erneute Verarbeitung?",
		"What is normal?": "" +
			"Was ist normal?",
		"When do I rebuild it?": "" +
			"Wann baue ich ihn neu auf?",
		"When does the clock run?": "" +
			"Wann läuft die Uhr?",
		"When searches miss cases that exist. Searches use the present index until the new one is ready.": "" +
			"Wenn Suchen Fälle nicht finden, die es gibt. Suchen benutzen den bisherigen Index, bis der neue fertig ist.",
		"Which cases get new targets?": "" +
			"Welche Fälle bekommen neue Ziele?",
		"Who uses them?": "" +
			"Wer benutzt sie?",
		"Why are mails here?": "" +
			"Warum sind hier Mails?",
		"Why do I not see its cases?": "" +
			"Warum sehe ich ihre Fälle nicht?",
	}
}
