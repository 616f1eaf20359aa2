package tenant

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/tenantry/tenantry/shared/identity"
)

// ParseStart reads a Start from the texts of two settings: the kinds of consent, as in
// "support_access,user_management", or "none"; and the days. Empty texts stand for DefaultStart.
func ParseStart(kinds, days string) (Start, error) {
	start := DefaultStart()
	if kinds != "" {
		start.Kinds = nil
		for word := range strings.SplitSeq(kinds, ",") {
			kind := identity.ConsentKind(strings.TrimSpace(word))
			if kind == "none" && kinds == "none" {
				break
			}
			if !slices.Contains(identity.ConsentKinds(), kind) {
				return Start{}, fmt.Errorf("%q: set none, or a list such as support_access,user_management", kinds)
			}
			start.Kinds = append(start.Kinds, kind)
		}
	}
	if days != "" {
		number, err := strconv.Atoi(days)
		if err != nil || number < 0 || number > MaxStartDays {
			return Start{}, fmt.Errorf("%q: set a whole number from 0 to %d, as in 30", days, MaxStartDays)
		}
		start.Days = number
	}
	return start, nil
}
