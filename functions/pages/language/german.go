package language

import "maps"

// german has the German sentences by their English keys, except those whose form depends on a number.
func german() map[string]string {
	all := make(map[string]string)
	for _, subject := range []map[string]string{
		germanShared(), germanAccount(), germanCases(), germanDesk(), germanHealth(), germanHome(),
		germanJobs(), germanKit(), germanLogs(), germanMenu(), germanPeople(), germanQuarantine(),
		germanSatisfaction(), germanTenants(), germanGuides(), germanReasons(), germanUnwatch(),
		germanWords(), germanSetting(), germanActions(), germanProfiles(), germanDeletion(), germanMoves(),
		germanBastion(),
	} {
		maps.Copy(all, subject)
	}
	return all
}
