package language

// germanDeletion has the German sentences of the deletion of organizations and of the bin.
func germanDeletion() map[string]string {
	return map[string]string{
		"Goes for good": "Endgültig gelöscht",
		"Deleted organizations can be restored here for 30 days.": "Gelöschte Organisationen lassen sich hier 30 Tage lang wiederherstellen.",
		"Goes to the bin, and can be restored for 30 days.":       "Kommt in den Papierkorb und lässt sich 30 Tage lang wiederherstellen.",
		"Restore":                 "Wiederherstellen",
		"Delete %s":               "%s löschen",
		"Deleted organizations":   "Gelöschte Organisationen",
		"Type %s":                 "Tippen Sie %s",
		"Confirmation":            "Bestätigung",
		"Delete the organization": "Die Organisation löschen",
		"Delete the MSP":          "MSP löschen",
		"See the organizations":   "Organisationen ansehen",
		"%s was deleted.":         "%s wurde gelöscht.",
		"It must have no organizations any more. Accounts stay, with all their other roles.": "" +
			"Er darf keine Organisationen mehr haben. Konten bleiben, mit allen anderen Rollen.",
		"Type the name of the MSP: %s": "Geben Sie den Namen des MSP ein: %s",
		"Nobody can see the MSP any more, and the roles in it end. Accounts stay, with all their other roles.": "" +
			"Niemand sieht den MSP mehr, und die Rollen in ihm enden. Konten bleiben, mit allen anderen Rollen.",
		"Its labels, its desk and its jobs go for good. The audit log of the platform keeps what was done.": "" +
			"Seine Labels, sein Support-Desk und seine Aufträge gehen endgültig verloren. Das Prüfprotokoll der Plattform " +
			"behält, was getan wurde.",
		"This is in the way":  "Das steht im Weg",
		"What happens":        "Was geschieht",
		"Nothing was deleted": "Es wurde nichts gelöscht",
		"%s was restored.":    "%s wurde wiederhergestellt.",
		"%s was deleted. It can be restored for 30 days.": "%s wurde gelöscht. Das lässt sich 30 Tage lang rückgängig machen.",
		"Type the name of the organization: %s":           "Tippen Sie den Namen der Organisation: %s",
		"It can be restored for 30 days, with everything as it was. After that it goes for good.": "" +
			"Sie lässt sich 30 Tage lang wiederherstellen, mit allem, wie es war. Danach ist sie endgültig gelöscht.",
		"Its people cannot see the organization any more. Its cases stand still and are in no list. Mail to it is kept out.": "" +
			"Ihre Leute sehen die Organisation nicht mehr. Ihre Fälle ruhen und stehen in keiner Liste. Mails an sie kommen in " +
			"die Quarantäne.",
	}
}
