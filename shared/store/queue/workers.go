package queue

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// ReadWorkers reads how many workers serve the queues at the same time, as in
// "mail-send=4,cases-jobs=1". Queues that it does not name have the usual number. The error says
// what is wrong and how it should look.
func ReadWorkers(text string, usual map[string]int, least, most int) (map[string]int, error) {
	workers := maps.Clone(usual)
	for part := range strings.SplitSeq(text, ",") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		name, amount, _ := strings.Cut(part, "=")
		if !slices.Contains(Names(), name) {
			return nil, fmt.Errorf("there is no queue %q; the queues are %s", name, strings.Join(Names(), ", "))
		}
		count, err := strconv.Atoi(amount)
		if err != nil || count < least || count > most {
			return nil, fmt.Errorf("%q: want a number of workers from %d to %d, as in %s=%d", part, least, most, name, least)
		}
		workers[name] = count
	}
	return workers, nil
}
