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
	"os"
	"os/signal"
	"path/filepath"
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
	withIndex := flag.Bool("index", true, "also measure the search index")
	flag.Parse()
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
	if err := run(ctx, measured, *program, *against, *withIndex); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, measured size, program, against string, withIndex bool) (err error) {
	folder, err := os.MkdirTemp("", "tenantry-bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
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
	return searching(ctx, folder, measured)
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

// searching compares searches among ten thousand cases with searches among many, lists of organizations of
// an MSP that has a thousand with those of one that has a hundred times as many as are labelled, and the
// export of a thousand times as many with the bare requests.
func searching(ctx context.Context, folder string, measured size) error {
	ctx, cancel := context.WithTimeout(ctx, 2*measured.limit)
	defer cancel()
	fmt.Fprintf(os.Stderr, "bench: index (at most %v)\n", 2*measured.limit)
	folder = filepath.Join(folder, "index")
	if err := os.Mkdir(folder, 0o700); err != nil {
		return err
	}
	if err := searchbench.Run(ctx, os.Stdout, folder, int64(measured.cases)); err != nil {
		return fmt.Errorf("measure the index: %w", err)
	}
	fmt.Fprintln(os.Stderr, "bench: organizations")
	if err := directorybench.Run(ctx, os.Stdout, folder, 100*measured.fewOrgs); err != nil {
		return fmt.Errorf("measure lists of organizations: %w", err)
	}
	fmt.Fprintln(os.Stderr, "bench: export")
	if err := exportbench.Run(ctx, os.Stdout, folder, 1000*measured.fewOrgs); err != nil {
		return fmt.Errorf("measure the export of organizations: %w", err)
	}
	return nil
}
