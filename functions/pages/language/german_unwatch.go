package language

// germanUnwatch has the German sentences of the page that ends the watching of a case.
func germanUnwatch() map[string]string {
	return map[string]string{
		"Stop watching case %s?": "Fall %s nicht mehr beobachten?",
		"You then get no mails about the case, unless it is assigned to you or you answer for its " +
			"provider.": "" +
			"Sie bekommen dann keine Mails zu diesem Fall, außer wenn er Ihnen zugewiesen ist oder Sie " +
			"für den Dienstleister antworten.",
		"Stop watching": "Nicht mehr beobachten",
		"Choose which mails you get about all cases": "Auswählen, welche Mails Sie zu allen Fällen bekommen",
		"You no longer watch case %s":                "Sie beobachten Fall %s nicht mehr",
		"Mails that are on their way may still arrive. To watch the case again, ask somebody who " +
			"works on it to add you.": "" +
			"Mails, die unterwegs sind, können noch ankommen. Um den Fall wieder zu beobachten, bitten " +
			"Sie jemanden, der ihn bearbeitet, Sie aufzunehmen.",
	}
}
