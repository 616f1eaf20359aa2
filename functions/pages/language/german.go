package language

import "golang.org/x/text/feature/plural"

// german has the German sentences by their English keys.
func german() map[string]string {
	return map[string]string{
		"Log in":  "Anmelden",
		"Log out": "Abmelden",
	}
}

// germanPlurals has the German sentences whose form depends on a number.
func germanPlurals() map[string]sentence {
	return map[string]sentence{
		"%d cases": plural.Selectf(1, "%d", plural.One, "Ein Fall", plural.Other, "%d Fälle"),
	}
}
