package main

import (
	"fmt"
	"io"
	"slices"
)

// figure is one measurement, with a value for each round.
type figure struct {
	name, unit string
	values     []float64
	// aim is the target, for people.
	aim string
}

// note adds the figure of a round.
func (b *bench) note(name string, value float64, unit, aim string) {
	for i := range b.figures {
		if b.figures[i].name == name {
			b.figures[i].values = append(b.figures[i].values, value)
			return
		}
	}
	b.figures = append(b.figures, figure{name: name, unit: unit, aim: aim, values: []float64{value}})
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}

// report prints the figures of the first program, and beside them those of the second one, if there
// is one.
func report(out io.Writer, benches []*bench) {
	for i, one := range benches[0].figures {
		value := median(one.values)
		line := fmt.Sprintf("%-58s %9.2f %-3s", one.name, value, one.unit)
		if len(benches) > 1 {
			other := median(benches[1].figures[i].values)
			line += fmt.Sprintf("   against %9.2f %-3s   ratio %.2f", other, one.unit, value/other)
		}
		if one.aim != "" {
			line += "   (aim " + one.aim + ")"
		}
		_, _ = fmt.Fprintln(out, line) // a reader that has disconnected does not matter
	}
}
