// Command bench measures Tenantry on one machine and prints figures, most of them as ratios within
// one run, so that they are comparable between machines: the program compared with bare
// transactions of the same rows, many cases with a thousand, a search among many cases with one
// among ten thousand. It builds the program, or uses a built one, starts it in an empty folder, and
// drives it by HTTP and SMTP. With -against, it measures a second program in the same run, step by
// step in turns. The search index is measured without a program.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"time"

	"github.com/tenantry/tenantry/shared/search/searchbench"
	"github.com/tenantry/tenantry/shared/tenant/directory/directorybench"
	"github.com/tenantry/tenantry/shared/tenant/export/exportbench"
)

// loginsAnHour is how many people log in at the most in all rounds: Tenantry allows 300 calls without
// a session from one address in an hour.
const loginsAnHour = 280

// invitesAnHour is how many people are invited to one organization at the most, beside the first customer:
// Tenantry allows 200 in an hour.
const invitesAnHour = 190

// size is how much is measured.
type size struct {
	// cases is the number of cases in the large installation, fewCases in the small one.
	cases, fewCases int
	// fewOrgs is the number of organizations that the smaller job labels; the larger one labels ten
	// times as many.
	fewOrgs int
	// rounds is how often mails and new cases are measured in turns; the median counts.
	rounds int
	// people is how many people write mails, mails how many each writes.
	people, mailsEach int
	// length is how long cases are created, samples how many requests are timed, starts how often
	// the program is started.
	length          time.Duration
	samples, starts int
	// limit is the time limit of one step.
	limit time.Duration
}

func main() {
	short := flag.Bool("short", false, "measure little, to check that everything works")
	cases := flag.Int("cases", 1_000_000, "number of cases in the large installation")
	rounds := flag.Int("rounds", 1, "how often mails and new cases are measured; the median counts")
	program := flag.String("program", "", "a built program to measure; without it, that of this repository is built")
	against := flag.String("against", "", "a built program to compare with, in the same run")
	withIndex := flag.Bool("index", true, "also measure what needs no program: the search index, lists and the export")
	only := flag.String("only", "", "measure only one part that needs no program: index, organizations or export")
	flag.Parse()
	if known := func(one part) bool { return one.name == *only }; *only != "" && !slices.ContainsFunc(parts(), known) {
		fmt.Fprintln(os.Stderr, "bench: -only must be index, organizations or export")
		os.Exit(2)
	}
	measured := size{
		cases:     *cases,
		fewCases:  1000,
		fewOrgs:   1000,
		rounds:    *rounds,
		people:    min(invitesAnHour, loginsAnHour/max(1, *rounds)),
		mailsEach: 30,
		length:    6 * time.Second,
		samples:   3000,
		starts:    7,
		limit:     30 * time.Minute,
	}
	if *short {
		measured = size{
			cases:     2000,
			fewCases:  1000,
			fewOrgs:   20,
			rounds:    *rounds,
			people:    4,
			mailsEach: 20,
			length:    time.Second,
			samples:   50,
			starts:    2,
			limit:     2 * time.Minute,
		}
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, measured, *program, *against, *only, *withIndex); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, measured size, program, against, only string, withIndex bool) (err error) {
	folder, err := os.MkdirTemp("", "tenantry-bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	if only != "" {
		return without(ctx, folder, measured, only)
	}
	if program == "" {
		program = filepath.Join(folder, "tenantry")
		if err := build(ctx, program); err != nil {
			return err
		}
	}
	var benches []*bench
	for i, binary := range []string{program, against} {
		if binary == "" {
			continue
		}
		b, err := newBench(binary, filepath.Join(folder, fmt.Sprint(i)), measured)
		if err != nil {
			return err
		}
		defer b.kill()
		benches = append(benches, b)
	}
	if err := inTurns(ctx, benches); err != nil {
		return err
	}
	report(os.Stdout, benches)
	if !withIndex {
		return nil
	}
	return without(ctx, folder, measured, "")
}

// inTurns runs one step after the other, each with all programs.
func inTurns(ctx context.Context, benches []*bench) error {
	each := func(what string, step func(*bench, context.Context) error) error {
		for _, b := range benches {
			if err := b.step(ctx, what, step); err != nil {
				return err
			}
		}
		return nil
	}
	if err := errors.Join(each("start", (*bench).start), each("populate", (*bench).populate)); err != nil {
		return err
	}
	if err := each("labels", (*bench).labels); err != nil {
		return err
	}
	for range benches[0].size.rounds {
		if err := each("mails", (*bench).mails); err != nil {
			return err
		}
		if err := each("creating", (*bench).creating); err != nil {
			return err
		}
	}
	for _, one := range []struct {
		what string
		step func(*bench, context.Context) error
	}{
		{"renew", (*bench).renew}, {"populate", (*bench).populate},
		{"fill a little", (*bench).fillFew}, {"read among few", (*bench).readFew},
		{"fill", (*bench).fillMany}, {"read among many", (*bench).readMany}, {"start", (*bench).startup},
	} {
		if err := each(one.what, one.step); err != nil {
			return err
		}
	}
	return nil
}

// part is a measurement that needs no program.
type part struct {
	name string
	run  func(ctx context.Context, out io.Writer, folder string, measured size) error
}

// parts returns the measurements without a program: searches among many cases against ten thousand, lists of
// organizations of an MSP that has a hundred times as many as are labelled against a thousand, and the export
// of a thousand times as many against the bare requests.
func parts() []part {
	return []part{
		{"index", func(ctx context.Context, out io.Writer, folder string, measured size) error {
			return searchbench.Run(ctx, out, folder, int64(measured.cases))
		}},
		{"organizations", func(ctx context.Context, out io.Writer, folder string, measured size) error {
			return directorybench.Run(ctx, out, folder, 100*measured.fewOrgs)
		}},
		{"export", func(ctx context.Context, out io.Writer, folder string, measured size) error {
			return exportbench.Run(ctx, out, folder, 1000*measured.fewOrgs)
		}},
	}
}

// without measures the parts that need no program: all of them, or only one.
func without(ctx context.Context, folder string, measured size, only string) error {
	ctx, cancel := context.WithTimeout(ctx, 2*measured.limit)
	defer cancel()
	for _, one := range parts() {
		if only != "" && only != one.name {
			continue
		}
		fmt.Fprintf(os.Stderr, "bench: %s (all of these together at most %v)\n", one.name, 2*measured.limit)
		own := filepath.Join(folder, one.name)
		if err := os.Mkdir(own, 0o700); err != nil {
			return err
		}
		if err := one.run(ctx, os.Stdout, own, measured); err != nil {
			return fmt.Errorf("measure %s: %w", one.name, err)
		}
		if err := os.RemoveAll(own); err != nil {
			return err
		}
	}
	return nil
}
