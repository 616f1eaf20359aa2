package language

// germanSatisfaction has the German sentences of the question how the help was.
func germanSatisfaction() map[string]string {
	return map[string]string{
		"How was our help with case %d?":  "Wie war unsere Hilfe bei Fall %d?",
		"Thank you":                       "Vielen Dank",
		"Feedback not saved":              "Rückmeldung nicht gespeichert",
		"Very good":                       "Sehr gut",
		"Good":                            "Gut",
		"OK":                              "In Ordnung",
		"Bad":                             "Schlecht",
		"Very bad":                        "Sehr schlecht",
		"How was our help?":               "Wie war unsere Hilfe?",
		"Anything else we should know?":   "Sollten wir noch etwas wissen?",
		"Your feedback helps us improve.": "Ihre Rückmeldung hilft uns, besser zu werden.",
	}
}
