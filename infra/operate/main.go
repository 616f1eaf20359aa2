// Command operate is for the people who run an installation, on one machine or on AWS: how full the
// queues are, which messages were given up and why, sending them again, whether lists agree with
// their cases, and what cases are found by. It is a client of the API: what it may do, the
// operator's token says.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

const usage = `operate looks after an installation of Tenantry.

usage: operate [-url URL] COMMAND

  status             how full the queues are, how many messages were given up
  dead-letters       the messages that were given up, with their reasons
  replay ID | all    send a message that was given up once more
  discard ID         throw a message away for good
  verify [-mend]     compare all cases with their lines in the lists; write anew what differs
  index [-msp ID | -org ID]
                     how far what cases are found by has come, of direct customers, an MSP or an organization
  rebuild-index [-msp ID | -org ID]
                     make it anew, all of it or that of an MSP or an organization; searches go on meanwhile

The operator's API token is taken from the variable TENANTRY_TOKEN.
`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Getenv("TENANTRY_TOKEN"), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "operate:", err)
		stop()
		os.Exit(1)
	}
}

func run(ctx context.Context, arguments []string, token string, out io.Writer) error {
	flags := flag.NewFlagSet("operate", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	url := flags.String("url", "http://127.0.0.1:8080", "where the installation is")
	if err := flags.Parse(arguments); err != nil || flags.NArg() == 0 {
		return fmt.Errorf("say what to do\n\n%s", usage)
	}
	if token == "" {
		return fmt.Errorf("the variable TENANTRY_TOKEN is empty: make an API token in your account and put it there")
	}
	api := client{url: *url, token: token}
	command, rest := flags.Arg(0), flags.Args()[1:]
	switch {
	case command == "status" && len(rest) == 0:
		return status(ctx, api, out)
	case command == "dead-letters" && len(rest) == 0:
		return deadLetters(ctx, api, out)
	case command == "replay" && len(rest) == 1 && rest[0] == "all":
		return replayAll(ctx, api, out)
	case command == "replay" && len(rest) == 1:
		return api.call(ctx, "POST", "/platform/dead_letters/"+rest[0]+"/replay", nil, nil)
	case command == "discard" && len(rest) == 1:
		return api.call(ctx, "DELETE", "/platform/dead_letters/"+rest[0], nil, nil)
	case command == "verify" && len(rest) == 0:
		return verify(ctx, api, out, false)
	case command == "verify" && len(rest) == 1 && rest[0] == "-mend":
		return verify(ctx, api, out, true)
	case command == "index" || command == "rebuild-index":
		do := indexStatus
		if command == "rebuild-index" {
			do = rebuildIndex
		}
		about, err := partOf(rest)
		if err != nil {
			return err
		}
		return do(ctx, api, out, about)
	}
	return fmt.Errorf("%q is not known\n\n%s", flags.Args(), usage)
}
