package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"net/url"
	"time"
)

// part is what a command on the index is about: an MSP, an organization, or with neither what the
// command says.
type part struct{ msp, org string }

// partOf reads the part out of what follows a command.
func partOf(arguments []string) (part, error) {
	var p part
	flags := flag.NewFlagSet("index", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&p.msp, "msp", "", "an MSP's id")
	flags.StringVar(&p.org, "org", "", "an organization's id")
	if err := flags.Parse(arguments); err != nil || flags.NArg() > 0 || p.msp != "" && p.org != "" {
		return part{}, fmt.Errorf("say -msp ID, or -org ID, or neither\n\n%s", usage)
	}
	return p, nil
}

// indexStatus shows how far what cases are found by has come; of direct customers if the part is
// empty.
func indexStatus(ctx context.Context, api client, out io.Writer, p part) error {
	var state struct {
		Generation   int64 `json:"generation"`
		Cases        int64 `json:"cases"`
		IndexedUntil int64 `json:"indexed_until"`
		ChangedUntil int64 `json:"changed_until"`
		Lagging      bool  `json:"lagging"`
		RebuildSince int64 `json:"rebuilding_since"`
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
	_, err := fmt.Fprintf(out, "%d cases are found, %s; made anew %d times\n", state.Cases, word, state.Generation)
	for _, one := range []struct {
		what string
		when int64
	}{
		{"the latest change that is found:", state.IndexedUntil}, {"the latest change of a case:    ", state.ChangedUntil}, {"being made anew since:          ", state.RebuildSince},
	} {
		if err == nil && one.when > 0 {
			_, err = fmt.Fprintf(out, "%s %s\n", one.what, time.Unix(one.when, 0).UTC().Format(time.RFC3339))
		}
	}
	return err
}

// rebuildIndex has what cases are found by made anew: all of it if the part is empty.
func rebuildIndex(ctx context.Context, api client, out io.Writer, p part) error {
	asked := map[string]string{}
	if p.msp != "" {
		asked["msp_id"] = p.msp
	}
	if p.org != "" {
		asked["org_id"] = p.org
	}
	var made struct {
		Parts int `json:"parts"`
	}
	if err := api.call(ctx, "POST", "/platform/index", asked, &made); err != nil {
		return err
	}
	_, err := fmt.Fprintf(out, "%d parts are being made anew; 'operate index' shows how far each has come\n",
		made.Parts)
	return err
}
