package wording

// germanMove has the German sentences of mails about an organization that changes its provider.
func germanMove() map[string]string {
	return map[string]string{
		"%[1]s left %[2]s": "%[1]s hat %[2]s verlassen",
		"%[1]s is no longer an organization of %[2]s. Nobody of %[2]s sees it or its cases any more.": "" +
			"%[1]s ist keine Organisation von %[2]s mehr. Niemand von %[2]s sieht sie oder ihre Fälle noch.",
		"Its labels, and the roles in it that people of %s had from the provider, have ended.": "" +
			"Ihre Labels und die Rollen in ihr, die Personen von %s vom Anbieter hatten, sind beendet.",
		"%[1]s came to %[2]s":                    "%[1]s ist zu %[2]s gekommen",
		"%[1]s is now an organization of %[2]s.": "%[1]s ist jetzt eine Organisation von %[2]s.",
		"Its cases come with their history. Times promised for open cases go on by your targets.": "" +
			"Ihre Fälle kommen mit ihrem Verlauf. Zugesagte Zeiten offener Fälle laufen nach Ihren Zielen weiter.",
		"See the organizations":              "Organisationen ansehen",
		"%[1]s is looked after by %[2]s":     "%[1]s wird von %[2]s betreut",
		"%s is looked after by the operator": "%s wird vom Betreiber betreut",
		"%[1]s moved %[2]s to %[3]s, which looks after it from now on.": "" +
			"%[1]s hat %[2]s an den MSP %[3]s übergeben, der die Organisation von jetzt an betreut.",
		"%[1]s made %[2]s a direct customer: no MSP looks after it any more, the operator of the portal does.": "" +
			"%[1]s hat %[2]s zum Direktkunden gemacht: Kein MSP betreut die Organisation mehr, sondern " +
			"der Betreiber des Portals.",
		"Your cases stay with their history. What you withdrew from your former provider, the new one does not have.": "" +
			"Ihre Fälle bleiben mit ihrem Verlauf erhalten. Was Sie Ihrem früheren Anbieter entzogen haben, hat auch der " +
			"neue nicht.",
		"Look at what the new provider may do, and decide: what you do not confirm ends after a while.": "" +
			"Sehen Sie nach, was der neue Anbieter darf, und entscheiden Sie: Was Sie nicht bestätigen, endet nach " +
			"einiger Zeit.",
		"See the consents": "Einwilligungen ansehen",
		"Mails about a change of provider cannot be turned off.": "" +
			"Mails über einen Wechsel des Anbieters lassen sich nicht abbestellen.",
	}
}
