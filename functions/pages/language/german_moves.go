package language

// germanMoves has the German sentences of the pages on which organizations get another provider.
func germanMoves() map[string]string {
	return map[string]string{
		"Another provider…":                "Anderer Anbieter…",
		"Another provider":                 "Ein anderer Anbieter",
		"Who looks after it":               "Wer sie betreut",
		"Who looks after them?":            "Wer betreut sie?",
		"None: make them direct customers": "Keiner: zu Direktkunden machen",
		"Part of the name of an MSP":       "Teil des Namens eines MSP",
		"Find MSPs":                        "MSPs suchen",
		"What they may do":                 "Was sie dürfen",
		"Labels that end":                  "Labels, die enden",
		"Provider of %s":                   "Anbieter von %s",
		"Present provider":                 "Jetziger Anbieter",
		"Transfer or release…":             "Übertragen oder freigeben…",
		"Make it a direct customer":        "Zum Direktkunden machen",
		"Assign to this MSP":               "Diesem MSP zuordnen",
		"A transfer is under way":          "Eine Übertragung läuft",
		"The operator keeps what the organizations let it do": "" +
			"Der Betreiber behält, was die Organisationen ihm erlauben",
		"The MSP begins with what the MSP of a new customer may do": "" +
			"Der MSP beginnt mit dem, was der MSP eines neuen Kunden darf",
		"From the moment of the change, their former MSPs see nothing of them any more.": "" +
			"Vom Augenblick der Änderung an sehen ihre bisherigen MSPs nichts mehr von ihnen.",
		"The roles in them that people of their former MSPs have from the provider end.": "" +
			"Die Rollen in ihnen, die Personen ihrer bisherigen MSPs vom Anbieter haben, enden.",
		"Their cases stay with their history, and leave the agents of their former MSPs. Promised times go on by the new provider's targets.": "" +
			"Ihre Fälle bleiben mit ihrem Verlauf erhalten und werden den Bearbeitern ihrer bisherigen MSPs entzogen. Zugesagte " +
			"Zeiten laufen nach den Zielen des neuen Anbieters weiter.",
		"The operator gives up what the organizations let it do.": "" +
			"Der Betreiber verzichtet auf das, was die Organisationen ihm erlauben.",
		"%s begins with what the MSP of a new customer may do, but for what an organization refused its MSP.": "" +
			"%s beginnt mit dem, was der MSP eines neuen Kunden darf, außer was eine Organisation ihrem MSP verweigert hat.",
		"%s may do nothing that an organization has to consent to, until it does.": "" +
			"%s darf nichts, worin eine Organisation einwilligen muss, bis sie es tut.",
		"The super users of the MSPs concerned and the administrators of the organizations are told by mail.": "" +
			"Die Super User der beteiligten MSPs und die Administratoren der Organisationen werden per Mail benachrichtigt.",
		"The cases and people of the organization are still moving to its present provider. It began": "" +
			"Die Fälle und Personen der Organisation wechseln noch zu ihrem jetzigen Anbieter. Beginn:",
		"The organization is a direct customer of the platform.": "Die Organisation ist ein Direktkunde der Plattform.",
		"As a direct customer, the organization is looked after by the operator of the platform. The MSP then sees nothing of it any more.": "" +
			"Als Direktkunde wird die Organisation vom Betreiber der Plattform betreut. Der MSP sieht dann nichts mehr von ihr.",
		"The MSP begins with what the MSP of a new customer may do. You can change that at any time.": "" +
			"Der MSP beginnt mit dem, was der MSP eines neuen Kunden darf. Sie können das jederzeit ändern.",
		"To change it, you must be a super user of the MSP too.": "" +
			"Um das zu ändern, müssen Sie auch Super User des MSP sein.",
		"The organization has another provider. Its cases and people are moving.": "" +
			"Die Organisation hat einen anderen Anbieter. Ihre Fälle und Personen wechseln gerade.",
	}
}
