// Command local runs Tenantry on one machine: HTTP, SMTP, relay and workers in one process, with
// all its data in one folder. Its settings come from the environment; docs/running.md lists them.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"

	"golang.org/x/term"

	"github.com/tenantry/tenantry/infra/local/demo"
	"github.com/tenantry/tenantry/infra/local/machine"
	"github.com/tenantry/tenantry/infra/local/mailcheck"
	"github.com/tenantry/tenantry/infra/local/settings"
	"github.com/tenantry/tenantry/shared/tracing/export"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "tenantry: "+err.Error())
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	command := ""
	if len(os.Args) > 1 {
		command = os.Args[1]
	}
	if command != "" && command != "mail-check" && command != "demo" {
		return fmt.Errorf(
			"unknown command %q: the commands are demo and mail-check; without one, the program serves. Settings are "+
				"environment variables such as TENANTRY_ADDR and TENANTRY_DATA; docs/running.md lists them all",
			command,
		)
	}
	read, err := settings.Read(os.LookupEnv)
	if err != nil {
		return err
	}
	switch command {
	case "mail-check":
		return mailcheck.Run(ctx, os.Args[2:], read.MailDomain, os.Stdout)
	case "demo":
		quiet := read
		quiet.LogLevel = "warn"
		return demo.Command{
			Settings: read, Log: newLog(os.Stderr, read), BuildLog: newLog(os.Stderr, quiet), Now: time.Now, Out: os.Stdout,
		}.Run(ctx, os.Args[2:])
	}
	program := machine.Program{
		Settings: read, Log: newLog(os.Stderr, read), Now: time.Now,
		Out: os.Stdout, Interactive: term.IsTerminal(int(os.Stdout.Fd())),
	}
	if os.Getenv(export.Endpoint) == "" {
		return program.Run(ctx)
	}
	traces, err := export.Start(ctx, "tenantry")
	if err != nil {
		return err
	}
	program.Traced = true
	err = program.Run(ctx)
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	return errors.Join(err, traces.Close(ending))
}

func newLog(to io.Writer, s settings.Settings) *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(s.LogLevel)); err != nil {
		level = slog.LevelInfo // the settings allow only slog's own words
	}
	options := &slog.HandlerOptions{Level: level}
	if s.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(to, options))
	}
	return slog.New(slog.NewTextHandler(to, options))
}
