package language

// germanActions are the sentences of the actions on many organizations, and of what is on or off for one.
func germanActions() map[string]string {
	return map[string]string{
		"It goes to the organization’s own administrators and to the contact addresses in its settings. An answer opens a case.": "" +
			"Sie geht an die eigenen Administratoren der Organisation und an die Kontaktadressen in ihren Einstellungen. Eine Antwort eröffnet einen Fall.",
		"Support mail":                                    "Support-Mail",
		"The same as HTML":                                "Dasselbe als HTML",
		"What is not safe is left out.":                   "Was nicht sicher ist, wird weggelassen.",
		"Choose first what to do with the organizations.": "Wählen Sie zuerst, was mit den Organisationen geschehen soll.",
		"Customer alerts":                                 "Kundenalarme",
		"Gets %s.":                                        "Bekommt %s.",
		"Go on with the ticked…":                          "Weiter mit den angekreuzten …",
		"Image management":                                "Softwarewahl",
		"Loses %s.":                                       "Verliert %s.",
		"Off":                                             "Aus",
		"On":                                              "An",
		"Pre-notifications":                               "Vorabmeldungen",
		"Turn off":                                        "Ausschalten",
		"Turn on":                                         "Einschalten",
		"With the organizations":                          "Mit den Organisationen",
	}
}
