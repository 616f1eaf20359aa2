package demo

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/tenantry/tenantry/infra/local/machine"
	"github.com/tenantry/tenantry/infra/local/settings"
)

// Command is the command that builds an estate and serves it.
type Command struct {
	// Settings are those of the program that serves; its data folder is not used.
	Settings settings.Settings
	// Log is the log of the program that serves, BuildLog that of building.
	Log, BuildLog *slog.Logger
	// Now is the machine's time.
	Now func() time.Time
	Out io.Writer
}

// arguments are what the command was called with.
type arguments struct {
	Options
	folder    string
	buildOnly bool
	// offset is how far the estate's end is from the machine's time.
	offset time.Duration
}

// Run runs the command until ctx ends; then it removes a temporary folder, and returns nil.
func (c Command) Run(ctx context.Context, args []string) (err error) {
	called, err := c.read(args)
	if errors.Is(err, flag.ErrHelp) {
		return nil
	}
	if err != nil {
		return err
	}
	serve := c.Settings
	serve.Data = called.folder
	if serve.Data == "" {
		if serve.Data, err = os.MkdirTemp("", "tenantry-demo-"); err != nil {
			return fmt.Errorf("the temporary data folder cannot be created: %w", err)
		}
		defer func() { err = errors.Join(err, os.RemoveAll(serve.Data)) }()
	} else if err := checkEmpty(serve.Data); err != nil {
		return err
	}
	if _, err := fmt.Fprintf(c.Out, "Building an estate in %s …\n", serve.Data); err != nil {
		return err
	}
	began := c.Now()
	built, err := Make(ctx, serve, c.BuildLog, called.Options)
	if err != nil {
		err = errors.Join(err, empty(serve.Data))
		if ctx.Err() != nil && errors.Is(err, context.Canceled) {
			return nil
		}
		return err
	}
	if err := c.print(built, c.Now().Sub(began)); err != nil || called.buildOnly {
		return err
	}
	// No mail leaves, whatever the settings say.
	serve.Relay, serve.ShowMail = "", !serve.Secure()
	return machine.Program{
		Settings: serve, Log: c.Log, Out: c.Out, Now: func() time.Time { return c.Now().Add(called.offset) },
	}.Run(ctx)
}

// read reads the arguments. The error is flag.ErrHelp if they only ask for help.
func (c Command) read(args []string) (arguments, error) {
	called := arguments{}
	flags := flag.NewFlagSet("tenantry demo", flag.ContinueOnError)
	flags.SetOutput(c.Out)
	flags.StringVar(&called.folder, "data", "",
		"build in this `folder` and keep it; it must be empty (default: a temporary one)")
	flags.BoolVar(&called.buildOnly, "build-only", false, "build in the folder of -data, and do not serve")
	now := flags.String("now", "", "end the year of history at this `time`, as in 2026-11-30T12:00:00Z (default: now)")
	flags.Uint64Var(&called.Seed, "seed", 1, "build another estate of the same kind")
	flags.IntVar(&called.Cases, "cases", UsualCases, fmt.Sprintf("how many cases, at least %d", FewestCases))
	flags.IntVar(&called.Orgs, "orgs", UsualOrgs, fmt.Sprintf("how many organizations, at least %d", FewestOrgs))
	if err := flags.Parse(args); err != nil {
		return arguments{}, err
	}
	if flags.NArg() > 0 {
		return arguments{}, fmt.Errorf("%q is not an option of demo: -help lists them", flags.Arg(0))
	}
	if called.buildOnly && called.folder == "" {
		return arguments{}, errors.New("-build-only needs -data with the folder to build in")
	}
	if called.Cases < FewestCases || called.Orgs < FewestOrgs {
		return arguments{}, fmt.Errorf("an estate has at least %d cases and %d organizations", FewestCases, FewestOrgs)
	}
	called.Now = c.Now()
	if *now != "" {
		at, err := time.Parse(time.RFC3339, *now)
		if err != nil {
			return arguments{}, fmt.Errorf("-now is %q: give a time as in 2026-11-30T12:00:00Z", *now)
		}
		called.offset, called.Now = at.Sub(called.Now), at
	}
	return called, nil
}

// checkEmpty refuses a folder that has something in it.
func checkEmpty(folder string) error {
	entries, err := os.ReadDir(folder)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("the folder of -data cannot be read: %w", err)
	}
	if len(entries) > 0 {
		return fmt.Errorf(
			"the folder %s is not empty: an estate is only built in an empty one; to serve what is there, start the "+
				"program without a command, with TENANTRY_DATA set to the folder", folder)
	}
	return nil
}

// empty removes what was built in a folder, so that it can be used again.
func empty(folder string) error {
	entries, err := os.ReadDir(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	failed := make([]error, len(entries))
	for i, entry := range entries {
		failed[i] = os.RemoveAll(filepath.Join(folder, entry.Name()))
	}
	return errors.Join(failed...)
}
