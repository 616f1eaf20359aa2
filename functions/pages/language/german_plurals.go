package language

// germanPlurals has the German sentences whose form depends on a number.
func germanPlurals() map[string]counted {
	return map[string]counted{
		"Label %d organizations":                    {1, "Labels einer Organisation", "Labels von %d Organisationen"},
		"Change %d organizations":                   {1, "Eine Organisation ändern", "%d Organisationen ändern"},
		"%d organizations change.":                  {1, "Eine Organisation ändert sich.", "%d Organisationen ändern sich."},
		"%d stay as they are.":                      {1, "Eine bleibt, wie sie ist.", "%d bleiben, wie sie sind."},
		"%d cannot be changed.":                     {1, "Eine kann nicht geändert werden.", "%d können nicht geändert werden."},
		"Go on with all %d that match…":             {1, "Weiter mit der einen passenden …", "Weiter mit allen %d passenden …"},
		"Operator profile of %d organizations":      {1, "Betreiberprofil einer Organisation", "Betreiberprofil von %d Organisationen"},
		"Support mail to %d organizations":          {1, "Support-Mail an eine Organisation", "Support-Mail an %d Organisationen"},
		"Stage %d organizations to the bastion":     {1, "Eine Organisation bei der Bastion bereitstellen", "%d Organisationen bei der Bastion bereitstellen"},
		"Unstage %d organizations from the bastion": {1, "Eine Organisation von der Bastion zurücknehmen", "%d Organisationen von der Bastion zurücknehmen"},
		"%d organizations":                          {1, "einer Organisation", "%d Organisationen"},
		"Delete %d organizations":                   {1, "Eine Organisation löschen", "%d Organisationen löschen"},
		"Move %d organizations":                     {1, "Eine Organisation übertragen", "%d Organisationen übertragen"},
		"%d organizations have it. They stay, and lose the label.": {
			1,
			"Eine Organisation hat es. Sie bleibt und verliert das Label.",
			"%d Organisationen haben es. Sie bleiben und verlieren das Label.",
		},
		"Archive %d cases?":   {1, "Einen Fall archivieren?", "%d Fälle archivieren?"},
		"Close %d cases?":     {1, "Einen Fall schließen?", "%d Fälle schließen?"},
		"Delete %d cases?":    {1, "Einen Fall löschen?", "%d Fälle löschen?"},
		"Assign %d cases":     {1, "Einen Fall zuweisen", "%d Fälle zuweisen"},
		"Delete %d cases":     {1, "Einen Fall löschen", "%d Fälle löschen"},
		"Go on with %d cases": {1, "Weiter mit einem Fall", "Weiter mit %d Fällen"},
		"At least %d cases":   {1, "Mindestens ein Fall", "Mindestens %d Fälle"},
		"%d cases":            {1, "Ein Fall", "%d Fälle"},
		"Restore %d cases?":   {1, "Einen Fall wiederherstellen?", "%d Fälle wiederherstellen?"},
		"Tag %d cases":        {1, "Schlagwort für einen Fall setzen", "Schlagwort für %d Fälle setzen"},
		"Move %d cases back from the archive?": {
			1,
			"Einen Fall aus dem Archiv zurückholen?",
			"%d Fälle aus dem Archiv zurückholen?",
		},
		"%d answers":           {1, "Ein Textbaustein", "%d Textbausteine"},
		"%[1]s and %[2]d more": {2, "%[1]s und %[2]d weiterer", "%[1]s und %[2]d weitere"},
		"%d values":            {1, "Ein Wert", "%d Werte"},
		"%d values, in the order of the form": {
			1,
			"Ein Wert",
			"%d Werte, wie im Formular geordnet",
		},
		"The list of %[1]d values is replaced by the one that Tenantry comes with, which has %[2]d.": {
			1,
			"Die Liste mit einem Wert wird durch die ersetzt, die Tenantry mitbringt. Sie hat %[2]d.",
			"Die Liste mit %[1]d Werten wird durch die ersetzt, die Tenantry mitbringt. Sie hat %[2]d.",
		},
		"%d cases of direct customers": {
			1,
			"Ein Fall von Direktkunden",
			"%d Fälle von Direktkunden",
		},
		"%[1]d open cases of %[2]s": {1, "Ein offener Fall von %[2]s", "%[1]d offene Fälle von %[2]s"},
		"%d cases were repaired.":   {1, "Ein Fall wurde repariert.", "%d Fälle wurden repariert."},
		"%d parts of the index are being rebuilt. Searches use the present index until that is done.": {
			1,
			"Ein Teil des Index wird neu aufgebaut. Bis dahin nutzen Suchen den bisherigen.",
			"%d Teile des Index werden neu aufgebaut. Bis dahin nutzen Suchen den bisherigen.",
		},
		"Being rebuilt since %[1]s: %[2]d cases have been written. Searches use the present index until that is done.": {
			2,
			"Wird seit %[1]s neu aufgebaut: Ein Fall ist geschrieben. Bis er fertig ist, nutzen Suchen den " +
				"bisherigen Index.",
			"Wird seit %[1]s neu aufgebaut: %[2]d Fälle sind geschrieben. Bis er fertig ist, nutzen Suchen den " +
				"bisherigen Index.",
		},
		"Only this part, with %d cases, is rebuilt.": {
			1,
			"Nur dieser Teil mit einem Fall wird neu aufgebaut.",
			"Nur dieser Teil mit %d Fällen wird neu aufgebaut.",
		},
		"%[1]d cases from number %[2]d on were compared.": {
			1,
			"Ein Fall ab Nummer %[2]d wurde verglichen.",
			"%[1]d Fälle ab Nummer %[2]d wurden verglichen.",
		},
		"%[1]d of %[2]d cases differ": {
			2,
			"%[1]d von %[2]d Fall unterscheidet sich",
			"%[1]d von %[2]d Fällen unterscheiden sich",
		},
		"%d more are not shown. Search for one by its name.": {
			1,
			"Ein weiterer wird nicht angezeigt. Suchen Sie ihn nach seinem Namen.",
			"%d weitere werden nicht angezeigt. Suchen Sie nach einem Namen.",
		},
		"At least %d entries": {1, "Mindestens ein Eintrag", "Mindestens %d Einträge"},
		"%d entries":          {1, "Ein Eintrag", "%d Einträge"},
		"%d people":           {1, "Eine Person", "%d Personen"},
		"The invitation to %[1]s was sent. It can be accepted for %[2]d hours.": {
			2,
			"Die Einladung an %[1]s wurde gesendet. Sie kann %[2]d Stunde lang angenommen werden.",
			"Die Einladung an %[1]s wurde gesendet. Sie kann %[2]d Stunden lang angenommen werden.",
		},
		"%d senders": {1, "Ein Absender", "%d Absender"},
		"%d in all":  {1, "Insgesamt einer", "Insgesamt %d"},
		"By creation. It ends %d days after the first own administrator has come, unless one decides.": {
			1,
			"Bei der Anlage erteilt. Sie endet einen Tag nachdem der erste eigene Administrator da ist, wenn " +
				"keiner entscheidet.",
			"Bei der Anlage erteilt. Sie endet %d Tage nachdem der erste eigene Administrator da ist, wenn " +
				"keiner entscheidet.",
		},
	}
}
