package language

// germanJobs has the German sentences of the jobs.
func germanJobs() map[string]string {
	return map[string]string{
		"Download the file":                "Datei herunterladen",
		"Jobs of %s":                       "Aufträge von %s",
		"The failed ones are tried again.": "Die fehlgeschlagenen werden wiederholt.",
		"There are no jobs":                "Es gibt keine Aufträge",
		"Job":                              "Auftrag",
		"Result":                           "Ergebnis",
		"Started":                          "Begonnen",
		"%[1]d of %[2]d":                   "%[1]d von %[2]d",
		"%d failed":                        "%d fehlgeschlagen",
		"Started by %s":                    "Gestartet von %s",
		"Progress":                         "Fortschritt",
		"ended":                            "beendet",
		"Cancel what waits":                "Wartendes abbrechen",
		"Retry the %d failed":              "Fehlgeschlagenes wiederholen (%d)",
		"Results":                          "Ergebnisse",
		"Failed %d":                        "Fehlgeschlagen %d",
		"Waiting %d":                       "Wartend %d",
		"Done %d":                          "Erledigt %d",
		"Skipped %d":                       "Übersprungen %d",
		"None.":                            "Keine.",
		"The job is being cancelled. What has begun is finished.": "" +
			"Der Auftrag wird abgebrochen. Was begonnen hat, wird beendet.",
		"What takes longer than a moment, or concerns many things at once, is a job and shows here for " +
			"90 days.": "" +
			"Was länger als einen Augenblick dauert oder viele Dinge auf einmal betrifft, ist ein Auftrag und " +
			"steht hier 90 Tage lang.",
		"You can close this page; the job goes on.": "" +
			"Sie können diese Seite schließen; der Auftrag läuft weiter.",
	}
}
