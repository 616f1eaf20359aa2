package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"net/url"
	"time"
)

// part is the scope of a command on the index: an MSP, an organization, or the command's default if
// both are empty.
type part struct{ msp, org string }

// String returns the name of the part whose state is shown.
func (p part) String() string {
	switch {
	case p.msp != "":
		return "MSP " + p.msp
	case p.org != "":
		return "organization " + p.org
	default:
		return "direct customers"
	}
}

// partOf parses the arguments of a command.
func partOf(arguments []string) (part, error) {
	var p part
	flags := flag.NewFlagSet("index", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&p.msp, "msp", "", "an MSP's id")
	flags.StringVar(&p.org, "org", "", "an organization's id")
	if err := flags.Parse(arguments); err != nil || flags.NArg() > 0 || p.msp != "" && p.org != "" {
		return part{}, fmt.Errorf("use -msp ID, or -org ID, or neither\n\n%s", usage)
	}
	return p, nil
}

// indexStatus shows the state of the search index; that of direct customers if the part is empty.
func indexStatus(ctx context.Context, api client, out io.Writer, p part) error {
	var state struct {
		Generation   int64 `json:"generation"`
		Cases        int64 `json:"cases"`
		IndexedUntil int64 `json:"indexed_until"`
		ChangedUntil int64 `json:"changed_until"`
		Lagging      bool  `json:"lagging"`
		RebuildSince int64 `json:"rebuilding_since"`
		Rebuilt      int64 `json:"rebuilt"`
	}
	query := url.Values{}
	if p.msp != "" {
		query.Set("msp_id", p.msp)
	}
	if p.org != "" {
		query.Set("org_id", p.org)
	}
	if err := api.call(ctx, "GET", "/platform/index?"+query.Encode(), nil, &state); err != nil {
		return err
	}
	word := "up to date"
	if state.Lagging {
		word = "lagging"
	}
	_, err := fmt.Fprintf(out, "%s: %d cases indexed, %s; rebuilt %d times\n", p, state.Cases, word, state.Generation)
	for _, one := range []struct {
		label string
		when  int64
	}{
		{"latest indexed change:", state.IndexedUntil},
		{"latest change of a case:", state.ChangedUntil},
		{"rebuilding since:", state.RebuildSince},
	} {
		if err == nil && one.when > 0 {
			_, err = fmt.Fprintf(out, "%-24s %s\n", one.label, time.Unix(one.when, 0).UTC().Format(time.RFC3339))
		}
	}
	if err == nil && state.RebuildSince > 0 {
		_, err = fmt.Fprintf(out, "%-24s %d cases\n", "rebuilt so far:", state.Rebuilt)
	}
	return err
}

// rebuildIndex rebuilds the search index: all of it if the part is empty.
func rebuildIndex(ctx context.Context, api client, out io.Writer, p part) error {
	scope := map[string]string{}
	if p.msp != "" {
		scope["msp_id"] = p.msp
	}
	if p.org != "" {
		scope["org_id"] = p.org
	}
	var rebuild struct {
		Parts int `json:"parts"`
	}
	if err := api.call(ctx, "POST", "/platform/index", scope, &rebuild); err != nil {
		return err
	}
	_, err := fmt.Fprintf(out, "Parts that are being rebuilt: %d. To see how far one is, run index for direct customers, "+
		"or index with -msp ID or -org ID.\n", rebuild.Parts)
	return err
}
