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

// units writes the average cost on Amazon DynamoDB of the given number of requests of each kind,
// and of ten times as many new documents, which include several packings.
func units(ctx context.Context, out io.Writer, store table.Store, c *corpus, count int) error {
	meter := cost.Count(store)
	index, random := search.New(meter, time.Now), rand.New(rand.NewPCG(5, 6))
	_, err := fmt.Fprintf(out,
		"(requests and units of Amazon DynamoDB at %d documents, the mean and the 99th percentile)\n", c.size)
	if err != nil {
		return err
	}
	for _, kind := range kinds(c) {
		var requests, read []int
		for range count {
			meter.Reset()
			if err := kind.prepare(random)(ctx, index); err != nil {
				return fmt.Errorf("%s: %w", kind.name, err)
			}
			used := meter.Snapshot()
			requests, read = append(requests, used.Requests), append(read, used.Read)
		}
		_, err := fmt.Fprintf(out, "%-36s %s requests, %s read units\n", kind.name, summary(requests), summary(read))
		if err != nil {
			return err
		}
	}
	meter.Reset()
	puts := int64(10 * count)
	start := time.Now()
	for number := range puts {
		if err := index.Put(ctx, space, c.document(c.size+number+1)); err != nil {
			return err
		}
	}
	used := meter.Snapshot()
	each := func(total int) float64 { return float64(total) / float64(puts) }
	_, err = fmt.Fprintf(out,
		"%-36s %5.1f requests, %6.1f read units, %6.1f write units, %v including the metering\n",
		"put a new document, with packing", each(used.Requests), each(used.Read), each(used.Write),
		(time.Since(start) / time.Duration(puts)).Round(time.Microsecond))
	return err
}

// summary formats the mean and the 99th percentile of the figures, which it sorts.
func summary(figures []int) string {
	sum := 0
	for _, figure := range figures {
		sum += figure
	}
	slices.Sort(figures)
	return fmt.Sprintf("%6.1f (%4d)", float64(sum)/float64(len(figures)), figures[len(figures)*99/100])
}
