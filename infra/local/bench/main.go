// Command bench measures Tenantry on one machine and prints the figures as ratios within one run, so that they mean
// the same on any machine: the program against bare transactions of the same rows, a million cases against a
// thousand, the search among a million against that among ten thousand. It builds the program, starts it in an empty
// folder, and drives it by HTTP and SMTP; the index is measured without it.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"

	"github.com/tenantry/tenantry/shared/search/searchbench"
)

func main() {
	cases := flag.Int("cases", 1_000_000, "how many cases the large installation has")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *cases); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, cases int) (err error) {
	folder, err := os.MkdirTemp("", "tenantry-bench-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	bench := &bench{folder: folder}
	if err := bench.build(ctx); err != nil {
		return err
	}
	defer func() { _ = bench.kill() }()
	for _, step := range []func(context.Context) error{
		bench.start, bench.populate, bench.mails, bench.creating,
		bench.renew, bench.populate, func(ctx context.Context) error { return bench.reading(ctx, cases) },
		bench.startup,
		func(ctx context.Context) error { return searching(ctx, folder, int64(cases)) },
	} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// searching compares finding cases among ten thousand with finding them among many.
func searching(ctx context.Context, folder string, large int64) error {
	folder = filepath.Join(folder, "index")
	if err := os.Mkdir(folder, 0o700); err != nil {
		return err
	}
	return searchbench.Run(ctx, os.Stdout, folder, large)
}
