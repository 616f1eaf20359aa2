// Command attime runs the program of one machine at another time, for tests that read data of an
// earlier day: its clock starts at TENANTRY_TEST_TIME, in RFC 3339, and runs from there. All other
// settings are those of the program.
package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/tenantry/tenantry/infra/local/machine"
	"github.com/tenantry/tenantry/infra/local/settings"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "attime: "+err.Error())
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	start, err := time.Parse(time.RFC3339, os.Getenv("TENANTRY_TEST_TIME"))
	if err != nil {
		return fmt.Errorf("TENANTRY_TEST_TIME: %w", err)
	}
	offset := time.Until(start)
	read, err := settings.Read(os.LookupEnv)
	if err != nil {
		return err
	}
	program := machine.Program{
		Settings: read, Log: slog.New(slog.NewTextHandler(os.Stderr, nil)), Out: os.Stdout,
		Now: func() time.Time { return time.Now().Add(offset) },
	}
	return program.Run(ctx)
}
