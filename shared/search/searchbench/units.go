package searchbench

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/tenantry/tenantry/shared/search"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/store/table/cost"
)

// units prints what so many requests of each kind cost on Amazon DynamoDB, and ten times as
// many new documents, which should be enough to be packed several times.
func units(ctx context.Context, out io.Writer, store table.Store, c *corpus, asked int) error {
	meter := cost.Count(store)
	found, random := search.New(meter, time.Now), rand.New(rand.NewPCG(5, 6))
	if _, err := fmt.Fprintf(
		out,
		"(requests and units of Amazon DynamoDB at %d documents, the mean and the 99th percentile)\n",
		c.size,
	); err != nil {
		return err
	}
	for _, kind := range kinds(c) {
		var requests, read []int
		for range asked {
			meter.Reset()
			if err := kind.prepare(random)(ctx, found); err != nil {
				return fmt.Errorf("%s: %w", kind.name, err)
			}
			used := meter.Snapshot()
			requests, read = append(requests, used.Requests), append(read, used.Read)
		}
		if _, err := fmt.Fprintf(
			out,
			"%-36s %s requests, %s read units\n",
			kind.name,
			meanAndMost(requests),
			meanAndMost(read),
		); err != nil {
			return err
		}
	}
	meter.Reset()
	put := int64(10 * asked)
	began := time.Now()
	for number := range put {
		if err := found.Put(ctx, space, c.document(c.size+number+1)); err != nil {
			return err
		}
	}
	used := meter.Snapshot()
	_, err := fmt.Fprintf(
		out,
		"%-36s %5.1f requests, %6.1f read units, %6.1f write units, %v with the metering\n",
		"put a new document, packing and all",
		float64(
			used.Requests,
		)/float64(
			put,
		),
		float64(used.Read)/float64(put),
		float64(used.Write)/float64(put),
		(time.Since(began) / time.Duration(put)).Round(time.Microsecond),
	)
	return err
}

// meanAndMost returns the mean of some figures, and what nearly all are not above.
func meanAndMost(figures []int) string {
	all := 0
	for _, figure := range figures {
		all += figure
	}
	slices.Sort(figures)
	return fmt.Sprintf("%6.1f (%4d)", float64(all)/float64(len(figures)), figures[len(figures)*99/100])
}
