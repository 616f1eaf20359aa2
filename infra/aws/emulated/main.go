// Command emulated deploys Tenantry's stacks into an emulated AWS on this machine and serves them
// until it is interrupted, or until the given command has ended; or it calls one function with its
// sample event and exits. It needs Go, Python 3 and Node.js, but no AWS account and no Docker. All
// its data is removed when it exits.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/tenantry/tenantry/infra/aws/emulated/cloud"
	"github.com/tenantry/tenantry/infra/aws/emulated/mailroom"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := serve(ctx, os.Args[1:])
	var ended *exec.ExitError
	switch {
	case errors.As(err, &ended):
		stop()
		os.Exit(ended.ExitCode())
	case err != nil && !errors.Is(err, flag.ErrHelp):
		fmt.Fprintln(os.Stderr, "infra/aws/emulated:", err)
		stop()
		os.Exit(1)
	}
}

// options are the command-line options.
type options struct {
	address, smtp, outbox string
	context               map[string]string
	verbose               bool
	invoke                invocation
	command               []string
}

func read(arguments []string) (options, error) {
	o := options{context: map[string]string{}, invoke: invocation{mails: make(chan []byte, 100)}}
	flags := flag.NewFlagSet("emulated", flag.ContinueOnError)
	flags.StringVar(&o.address, "http", "127.0.0.1:8080", "address of the API and the portal")
	flags.StringVar(&o.smtp, "smtp", "127.0.0.1:2525", "address of the mail server for the installation")
	flags.StringVar(&o.outbox, "outbox", "", "folder for the mails that were sent (default: a temporary one)")
	flags.BoolVar(&o.verbose, "verbose", false, "show what the functions log")
	flags.StringVar(&o.invoke.function, "invoke", "",
		"call this function with its sample event, as in cases.list, show its answer, and exit")
	flags.StringVar(&o.invoke.file, "event", "", "file with the event for -invoke (default: the function's in events/)")
	flags.Func(
		"context",
		"a setting of the stacks, as in granularity=domain; may be given several times",
		func(value string) error {
			name, value, found := strings.Cut(value, "=")
			if !found {
				return errors.New("want a name, '=', and a value")
			}
			o.context[name] = value
			return nil
		},
	)
	err := flags.Parse(arguments)
	o.command = flags.Args()
	return o, err
}

func serve(ctx context.Context, arguments []string) error {
	o, err := read(arguments)
	if err != nil {
		return err
	}
	event, err := o.invoke.readEvent()
	if err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	c, err := cloud.Start(ctx, cloud.Settings{Context: o.context, Log: log, Now: time.Now})
	if err != nil {
		return err
	}
	defer c.Close()
	if o.outbox == "" {
		o.outbox = c.Folder("outbox")
	}
	if err := os.MkdirAll(o.outbox, 0o750); err != nil {
		return err
	}
	sent := o.keep
	if o.invoke.function != "" {
		sent = o.invoke.sent
	}
	i, err := c.Install(ctx, cloud.InstallationSettings{
		Address: o.address, SMTPAddress: o.smtp, Sent: sent,
		Denied: func(text string) { log.Error("a call was denied", "error", text) },
		Output: func(function, line string) {
			if o.verbose || strings.Contains(line, "the call failed") {
				fmt.Fprintln(os.Stderr, function+":", line)
			}
		},
	})
	if err != nil {
		return err
	}
	token, err := i.SetupToken(ctx)
	if err != nil {
		return err
	}
	if o.invoke.function != "" {
		return o.invoke.call(ctx, i, token, event)
	}
	if len(o.command) > 0 {
		return o.run(ctx, i, token)
	}
	fmt.Printf(
		"Tenantry on an emulated AWS:   %s\nMail server for it:            %s\nMails that it sends are in:    %s\n"+
			"Token for the first operator:  %s\nPress Ctrl-C to stop; all data is then removed.\n",
		i.URL,
		i.SMTP,
		o.outbox,
		token,
	)
	<-ctx.Done()
	return nil
}

// keep writes a mail that was sent into the outbox folder.
func (o options) keep(mail mailroom.Outgoing) error {
	name := filepath.Join(o.outbox, strings.ReplaceAll(mail.ID, "/", "_")+".eml")
	if err := os.WriteFile(name, mail.Raw, 0o600); err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "a mail for %s: %s\n", strings.Join(mail.To, ", "), name)
	return nil
}

// run runs the command with the addresses in its environment.
func (o options) run(ctx context.Context, i *cloud.Installation, token string) error {
	command := exec.CommandContext(ctx, o.command[0], o.command[1:]...) //nolint:gosec // it is what the user asks for
	command.Stdin, command.Stdout, command.Stderr = os.Stdin, os.Stdout, os.Stderr
	command.Env = append(os.Environ(), "TENANTRY_URL="+i.URL, "TENANTRY_SMTP="+i.SMTP, "TENANTRY_SETUP_TOKEN="+token,
		"TENANTRY_OUTBOX="+o.outbox)
	command.Cancel = func() error { return command.Process.Signal(os.Interrupt) }
	command.WaitDelay = 10 * time.Second
	return command.Run()
}
