package settings

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/tenantry/tenantry/functions/catalog"
	"github.com/tenantry/tenantry/functions/grant"
)

// provisioned reads provisioned capacity: "cases.list=2,pages=1,core=25/10" provisions two and one
// instances of two functions, and 25 read and 10 write units per second of the table core.
func (r *reader) provisioned(granularity catalog.Granularity) (map[string]int, map[string]Units) {
	concurrency, capacity := map[string]int{}, map[string]Units{}
	value := r.text(provisioned, "", nil)
	if value == "" {
		return concurrency, capacity
	}
	names := functionNames(granularity)
	for part := range strings.SplitSeq(value, ",") {
		subject, amount, _ := strings.Cut(strings.TrimSpace(part), "=")
		switch {
		case slices.Contains(TableNames(), subject):
			units, err := unitsOf(amount)
			if err != nil {
				r.fault(provisioned, "%q: %v", part, err)
			}
			capacity[subject] = units
		case slices.Contains(names, subject):
			count, err := strconv.Atoi(amount)
			if err != nil || count < 1 {
				r.fault(provisioned, "%q: want the number of instances of the function, as in %s=2", part, subject)
			}
			concurrency[subject] = count
		default:
			r.fault(
				provisioned,
				"%q: there is no table and, with one function for each %s, no function of an endpoint with this name",
				subject,
				granularity,
			)
		}
	}
	return concurrency, capacity
}

// TableNames lists the tables by their names in the catalog.
func TableNames() []string {
	return []string{string(grant.Core), string(grant.Audit), string(grant.Derived)}
}

func unitsOf(amount string) (Units, error) {
	var units Units
	read, write, _ := strings.Cut(amount, "/")
	var errs [2]error
	units.Read, errs[0] = strconv.Atoi(read)
	units.Write, errs[1] = strconv.Atoi(write)
	if errors.Join(errs[:]...) != nil || units.Read < 1 || units.Write < 1 {
		return Units{}, fmt.Errorf("want read and write units a second, as in 25/10")
	}
	return units, nil
}

// functionNames lists the functions that people wait for.
func functionNames(granularity catalog.Granularity) []string {
	functions, err := catalog.Functions(granularity)
	if err != nil {
		return nil // reported for the setting granularity
	}
	var names []string
	for _, function := range functions {
		if len(function.Routes) > 0 {
			names = append(names, function.Name)
		}
	}
	return names
}
