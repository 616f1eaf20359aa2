package language

// english has the English sentences whose form depends on a number. All others are their own key.
func english() map[string]counted {
	return map[string]counted{
		"Archive %d cases?": {1, "Archive one case?", "Archive %d cases?"},
		"Move %d cases back from the archive?": {
			1,
			"Move one case back from the archive?",
			"Move %d cases back from the archive?",
		},
		"Close %d cases?":     {1, "Close one case?", "Close %d cases?"},
		"Delete %d cases?":    {1, "Delete one case?", "Delete %d cases?"},
		"Restore %d cases?":   {1, "Restore one case?", "Restore %d cases?"},
		"Assign %d cases":     {1, "Assign one case", "Assign %d cases"},
		"Tag %d cases":        {1, "Tag one case", "Tag %d cases"},
		"Delete %d cases":     {1, "Delete one case", "Delete %d cases"},
		"Go on with %d cases": {1, "Go on with one case", "Go on with %d cases"},
		"At least %d cases":   {1, "At least one case", "At least %d cases"},
		"%d cases":            {1, "One case", "%d cases"},
		"%d answers":          {1, "One answer", "%d answers"},
		"%d values":           {1, "One value", "%d values"},
		"%d values, in the order of the form": {
			1,
			"One value, as in the form",
			"%d values, in the order of the form",
		},
		"The list of %[1]d values is replaced by the one that Tenantry comes with, which has %[2]d.": {
			1,
			"The list of one value is replaced by the one that Tenantry comes with, which has %[2]d.",
			"The list of %[1]d values is replaced by the one that Tenantry comes with, which has %[2]d.",
		},
		"%d cases of direct customers": {
			1,
			"One case of direct customers",
			"%d cases of direct customers",
		},
		"%d parts of the index are being rebuilt. Until then, searches use the present one.": {
			1,
			"One part of the index is being rebuilt. Until then, searches use the present one.",
			"%d parts of the index are being rebuilt. Until then, searches use the present one.",
		},
		"Being rebuilt since %[1]s: %[2]d cases are written. Searches use the present index until it is done.": {
			2,
			"Being rebuilt since %[1]s: one case is written. Searches use the present index until it is done.",
			"Being rebuilt since %[1]s: %[2]d cases are written. Searches use the present index until it is done.",
		},
		"Only this part, with %d cases, is rebuilt.": {
			1,
			"Only this part, with one case, is rebuilt.",
			"Only this part, with %d cases, is rebuilt.",
		},
		"%[1]d cases from number %[2]d on were compared.": {
			1,
			"One case from number %[2]d on was compared.",
			"%[1]d cases from number %[2]d on were compared.",
		},
		"%[1]d of %[2]d cases differ": {
			2,
			"%[1]d of %[2]d case differs",
			"%[1]d of %[2]d cases differ",
		},
		"%d cases were repaired.": {1, "One case was repaired.", "%d cases were repaired."},
		"%d more are not shown. Search for one by its name.": {
			1,
			"One more is not shown. Search for it by its name.",
			"%d more are not shown. Search for one by its name.",
		},
		"At least %d entries": {1, "At least one entry", "At least %d entries"},
		"%d entries":          {1, "One entry", "%d entries"},
		"%d people":           {1, "One person", "%d people"},
		"The invitation to %[1]s was sent. It can be accepted for %[2]d hours.": {
			2,
			"The invitation to %[1]s was sent. It can be accepted for one hour.",
			"The invitation to %[1]s was sent. It can be accepted for %[2]d hours.",
		},
		"%d senders": {1, "One sender", "%d senders"},
		"By creation. It ends %d days after the first own administrator has come, unless one decides.": {
			1,
			"By creation. It ends one day after the first own administrator has come, unless one decides.",
			"By creation. It ends %d days after the first own administrator has come, unless one decides.",
		},
		"%d in all": {1, "One in all", "%d in all"},
	}
}
