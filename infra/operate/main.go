// Command operate is the operators' tool for an installation on one machine or on AWS: it shows how
// full the queues are, lists and replays dead letters, checks that lists agree with their cases,
// and shows and rebuilds the search index. It is a client of the API; the operator's token decides
// what it may do. It also rotates the installation's secret, and verifies the archive of the audit
// log, where they are stored.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"
)

const usage = `operate looks after an installation of Tenantry.

usage: operate [-url URL] COMMAND

  status             show how full the queues are, and how many dead letters each has
  dead-letters       list the dead letters with their reasons
  replay ID | all    send a dead letter, or all, again
  discard ID         delete a dead letter
  verify [-mend]     compare all cases with their entries in the lists; -mend repairs what differs
  index [-msp ID | -org ID]
                     show the state of the search index: of direct customers, an MSP or an organization
  rebuild-index [-msp ID | -org ID]
                     rebuild the search index, all of it or one part; searches keep working meanwhile
  rotate-secret -file PATH | -aws NAME [-forget]
                     add a secret that replaces the current one in 15 minutes; what the former ones protect
                     stays valid until they are forgotten with -forget
  verify-audit -data FOLDER | -aws BUCKET [-from DAY] [-to DAY] [-last SHA-256]
                     check the archive of the audit log: what is missing, changed or surplus; all days that are kept,
                     or those from DAY to DAY, as in 2026-11-30; -last is what the manifest of the last day must have

Set TENANTRY_TOKEN to the operator's API token; rotate-secret and verify-audit need the rights to the files, or to the secret or
the bucket on AWS, instead.
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
	url := flags.String("url", "http://127.0.0.1:8080", "URL of the installation")
	if err := flags.Parse(arguments); err != nil || flags.NArg() == 0 {
		return fmt.Errorf("no command given\n\n%s", usage)
	}
	command, rest := flags.Arg(0), flags.Args()[1:]
	if command == "rotate-secret" {
		return rotateSecret(ctx, rest, time.Now(), out)
	}
	if command == "verify-audit" {
		return verifyAudit(ctx, rest, time.Now(), out)
	}
	if token == "" {
		return fmt.Errorf("TENANTRY_TOKEN is not set: create an API token in your account and put it there")
	}
	api := client{url: *url, token: token}
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
	return fmt.Errorf("unknown command or wrong arguments: %q\n\n%s", flags.Args(), usage)
}
