package language

import "golang.org/x/text/feature/plural"

// english has the English sentences whose form depends on a number. All others are their own key.
func english() map[string]sentence {
	return map[string]sentence{
		"%d cases": plural.Selectf(1, "%d", plural.One, "One case", plural.Other, "%d cases"),
	}
}
