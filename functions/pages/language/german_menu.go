package language

// germanMenu has the German sentences of the menu.
func germanMenu() map[string]string {
	return map[string]string{
		"Overview":         "Übersicht",
		"Support":          "Support",
		"Prepared answers": "Textbausteine",
		"Health":           "Zustand",
		"Index":            "Index",
		"Administration":   "Verwaltung",
		"People":           "Personen",
		"Audit log":        "Prüfprotokoll",
		"Organizations":    "Organisationen",
		"MSP":              "MSP",
		"Settings":         "Einstellungen",
		"Consents":         "Einwilligungen",
	}
}
