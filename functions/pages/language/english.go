package language

// english has the English sentences whose form depends on a number, with the form for one; the key is
// the form for all other numbers. All other sentences are their own key.
func english() map[string]counted {
	sentences := map[string]counted{
		"Archive %d cases?":                    {argument: 1, one: "Archive one case?"},
		"Move %d cases back from the archive?": {argument: 1, one: "Move one case back from the archive?"},
		"Close %d cases?":                      {argument: 1, one: "Close one case?"},
		"Delete %d cases?":                     {argument: 1, one: "Delete one case?"},
		"Restore %d cases?":                    {argument: 1, one: "Restore one case?"},
		"Assign %d cases":                      {argument: 1, one: "Assign one case"},
		"Tag %d cases":                         {argument: 1, one: "Tag one case"},
		"Delete %d cases":                      {argument: 1, one: "Delete one case"},
		"Go on with %d cases":                  {argument: 1, one: "Go on with one case"},
		"At least %d cases":                    {argument: 1, one: "At least one case"},
		"%d cases":                             {argument: 1, one: "One case"},
		"%d answers":                           {argument: 1, one: "One answer"},
		"%d values":                            {argument: 1, one: "One value"},
		"%d values, in the order of the form":  {argument: 1, one: "One value, as in the form"},
		"The list of %[1]d values is replaced by the one that Tenantry comes with, which has %[2]d.": {
			argument: 1,
			one:      "The list of one value is replaced by the one that Tenantry comes with, which has %[2]d.",
		},
		"Label %d organizations":                    {argument: 1, one: "Label one organization"},
		"Change %d organizations":                   {argument: 1, one: "Change one organization"},
		"%d organizations change.":                  {argument: 1, one: "One organization changes."},
		"%d stay as they are.":                      {argument: 1, one: "One stays as it is."},
		"%d cannot be changed.":                     {argument: 1, one: "One cannot be changed."},
		"Delete %d organizations":                   {argument: 1, one: "Delete one organization"},
		"Go on with all %d that match…":             {argument: 1, one: "Go on with the one that matches…"},
		"Operator profile of %d organizations":      {argument: 1, one: "Operator profile of one organization"},
		"%d organizations":                          {argument: 1, one: "one organization"},
		"Support mail to %d organizations":          {argument: 1, one: "Support mail to one organization"},
		"Stage %d organizations to the bastion":     {argument: 1, one: "Stage one organization to the bastion"},
		"Unstage %d organizations from the bastion": {argument: 1, one: "Unstage one organization from the bastion"},
		"Move %d organizations":                     {argument: 1, one: "Move one organization"},
		"%d organizations have it. They stay, and lose the label.": {
			argument: 1,
			one:      "One organization has it. It stays, and loses the label.",
		},
		"%d cases of direct customers": {argument: 1, one: "One case of direct customers"},
		"%d parts of the index are being rebuilt. Searches use the present index until that is done.": {
			argument: 1,
			one:      "One part of the index is being rebuilt. Searches use the present index until that is done.",
		},
		"Being rebuilt since %[1]s: %[2]d cases have been written. Searches use the present index until that is done.": {
			argument: 2,
			one:      "Being rebuilt since %[1]s: one case has been written. Searches use the present index until that is done.",
		},
		"Only this part, with %d cases, is rebuilt.": {argument: 1, one: "Only this part, with one case, is rebuilt."},
		"%[1]d cases from number %[2]d on were compared.": {
			argument: 1,
			one:      "One case from number %[2]d on was compared.",
		},
		"%[1]d of %[2]d cases differ": {argument: 2, one: "%[1]d of %[2]d case differs"},
		"%d cases were repaired.":     {argument: 1, one: "One case was repaired."},
		"%d more are not shown. Search for one by its name.": {
			argument: 1,
			one:      "One more is not shown. Search for it by its name.",
		},
		"At least %d entries": {argument: 1, one: "At least one entry"},
		"%d entries":          {argument: 1, one: "One entry"},
		"%d people":           {argument: 1, one: "One person"},
		"The invitation to %[1]s was sent. It can be accepted for %[2]d hours.": {
			argument: 2,
			one:      "The invitation to %[1]s was sent. It can be accepted for one hour.",
		},
		"%d senders": {argument: 1, one: "One sender"},
		"By creation. It ends %d days after the first own administrator has come, unless one decides.": {
			argument: 1,
			one:      "By creation. It ends one day after the first own administrator has come, unless one decides.",
		},
		"%[1]d open cases of %[2]s": {argument: 1, one: "One open case of %[2]s"},
		"%d in all":                 {argument: 1, one: "One in all"},
	}
	for key, sentence := range sentences {
		sentence.other = key
		sentences[key] = sentence
	}
	return sentences
}
