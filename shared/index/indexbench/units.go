package indexbench

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"time"

	"github.com/tenantry/tenantry/shared/index"
	"github.com/tenantry/tenantry/shared/table"
	"github.com/tenantry/tenantry/shared/table/cost"
)

// asked is how many requests of each kind the units are a mean of.
const asked = 20

// units prints what the requests cost on Amazon DynamoDB, and so many new documents, which
// should be enough to be packed several times.
func units(ctx context.Context, out io.Writer, store table.Store, c *corpus, put int64) error {
	meter := cost.Count(store)
	found, random := index.New(meter, time.Now), rand.New(rand.NewPCG(5, 6))
	for _, kind := range kinds(c) {
		meter.Reset()
		for range asked {
			if err := kind.ask(ctx, found, random); err != nil {
				return fmt.Errorf("%s: %w", kind.name, err)
			}
		}
		used := meter.Snapshot()
		fmt.Fprintf(out, "%-42s %5.1f requests, %6.1f read units\n", kind.name, float64(used.Requests)/asked, float64(used.Read)/asked)
	}
	meter.Reset()
	began := time.Now()
	for number := range put {
		if err := found.Put(ctx, space, c.document(c.size+number+1)); err != nil {
			return err
		}
	}
	used := meter.Snapshot()
	fmt.Fprintf(out, "%-42s %5.1f requests, %6.1f read units, %6.1f write units, %v with the metering\n", "put a new document, packing and all",
		float64(used.Requests)/float64(put), float64(used.Read)/float64(put), float64(used.Write)/float64(put), (time.Since(began) / time.Duration(put)).Round(time.Microsecond))
	return nil
}
