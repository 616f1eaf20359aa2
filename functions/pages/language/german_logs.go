package language

// germanLogs has the German sentences of the audit log.
func germanLogs() map[string]string {
	return map[string]string{
		"Audit log of %s":      "Prüfprotokoll von %s",
		"Last 60 minutes":      "Letzte 60 Minuten",
		"Last 24 hours":        "Letzte 24 Stunden",
		"Last 7 days":          "Letzte 7 Tage",
		"Today":                "Heute",
		"Yesterday":            "Gestern",
		"This week":            "Diese Woche",
		"From … to …":          "Von … bis …",
		"Time":                 "Zeitraum",
		"First day":            "Erster Tag",
		"Words of the message": "Wörter aus der Meldung",
		"Nothing happened":     "Nichts ist geschehen",
		"Show 7 days":          "7 Tage anzeigen",
		"What":                 "Was",
		"Who":                  "Wer",
		"When":                 "Wann",
		"Refused":              "Abgelehnt",
		"Action":               "Aktion",
		"was":                  "vorher",
		"now":                  "jetzt",
		"There are no entries in this time that match.": "In diesem Zeitraum gibt es keine passenden Einträge.",
		"Choose a first and a last day, in this order.": "" +
			"Wählen Sie einen ersten und einen letzten Tag, in dieser Reihenfolge.",
		"None of the latest entries matches. Choose a shorter time.": "" +
			"Keiner der neuesten Einträge passt. Wählen Sie einen kürzeren Zeitraum.",
	}
}
