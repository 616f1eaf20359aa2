package language

// germanBastion are the sentences of the bastion.
func germanBastion() map[string]string {
	return map[string]string{
		"A bastion is a second installation where devices reach it, without your customers’ data. Production sends it the id and the name of the organizations that you stage, and nothing else. The bastion never connects to production.": "" +
			"Eine Bastion ist eine zweite Installation dort, wo Geräte sie erreichen, ohne die Daten Ihrer Kunden. Das Produktivsystem sendet ihr Kennung und Namen der Organisationen, die Sie bereitstellen, sonst nichts. Die Bastion verbindet sich nie mit dem Produktivsystem.",
		"Address of the bastion": "Adresse der Bastion",
		"Ask again":              "Erneut anfragen",
		"At production only. Begins with https://.": "Nur beim Produktivsystem. Beginnt mit https://.",
		"Bastion":                  "Bastion",
		"Bastion: it holds copies": "Bastion: Sie hält Kopien",
		"Compare both fingerprints with those that the other installation shows.": "" +
			"Vergleichen Sie beide Fingerabdrücke mit denen, die die andere Installation zeigt.",
		"Copy it from this page there.":                  "Kopieren Sie ihn von dieser Seite dort.",
		"Fingerprint of the other key":                   "Fingerabdruck des anderen Schlüssels",
		"Is being staged":                                "Wird bereitgestellt",
		"Is being unstaged":                              "Wird zurückgenommen",
		"It is not tried again by itself.":               "Es wird nicht von selbst erneut versucht.",
		"It is tried again each minute.":                 "Es wird jede Minute erneut versucht.",
		"Its copy at the bastion is deleted.":            "Die Kopie bei der Bastion wird gelöscht.",
		"Its fingerprint":                                "Sein Fingerabdruck",
		"Its id and its name are copied to the bastion.": "Kennung und Name werden zur Bastion kopiert.",
		"Key of the other installation":                  "Schlüssel der anderen Installation",
		"Key of this installation":                       "Schlüssel dieser Installation",
		"Keys":                                           "Schlüssel",
		"Never staged":                                   "Nie bereitgestellt",
		"No organization was staged yet":                 "Noch wurde keine Organisation bereitgestellt",
		"Not chosen yet":                                 "Noch nicht gewählt",
		"Organizations are staged at production.":        "Organisationen werden beim Produktivsystem bereitgestellt.",
		"Production: it has the organizations":           "Produktivsystem: Es hat die Organisationen",
		"Stage":                                          "Bereitstellen",
		"Stage to the bastion":                           "Bei der Bastion bereitstellen",
		"Staged":                                         "Bereitgestellt",
		"The bastion holds no organization":              "Die Bastion hält keine Organisation",
		"The bastion is asked.":                          "Die Bastion ist angefragt.",
		"The settings were not saved":                    "Die Einstellungen wurden nicht gespeichert",
		"This installation":                              "Diese Installation",
		"This installation gets its key when you save the settings first.": "" +
			"Diese Installation bekommt ihren Schlüssel, wenn Sie die Einstellungen zum ersten Mal speichern.",
		"Tick organizations in a list, and choose to stage them.": "" +
			"Kreuzen Sie Organisationen in einer Liste an, und wählen Sie, sie bereitzustellen.",
		"Unstage":                  "Zurücknehmen",
		"Unstage from the bastion": "Von der Bastion zurücknehmen",
		"Unstaged":                 "Zurückgenommen",
	}
}
